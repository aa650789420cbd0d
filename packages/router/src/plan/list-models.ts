import { type ChatModel, InvalidInputError } from '@loci/core';
import type { ModelEntry, ModelRegistry, RouterOptions } from '../options.js';
import type { Listed } from './member.js';

/** The models of a router by their ids, `models` first. Throws `InvalidInputError` for what is no model, no known name or no unique id. */
export function listModels(options: RouterOptions): readonly Listed[] {
  const { models, fallbacks = [], registry = {} } = options;
  if (!Array.isArray(models) || models.length === 0)
    throw new InvalidInputError('models', 'is not a list of at least one model');
  if (!Array.isArray(fallbacks)) throw new InvalidInputError('fallbacks', 'is not a list of models');
  const toListed = (list: string, fallback: boolean) => (entry: ModelEntry, index: number) =>
    readEntry(entry, `${list}[${index}]`, registry, fallback);
  const listed = [
    ...models.map(toListed('models', false)),
    ...(fallbacks as readonly ModelEntry[]).map(toListed('fallbacks', true)),
  ];
  const seen = new Set<string>();
  for (const [position, { id }] of listed.entries()) {
    const path = position < models.length ? `models[${position}]` : `fallbacks[${position - models.length}]`;
    if (seen.has(id))
      throw new InvalidInputError(path, `has the id “${id}” of another model; give it an \`id\` of its own`);
    seen.add(id);
  }
  return listed;
}

function readEntry(entry: ModelEntry, path: string, registry: ModelRegistry, fallback: boolean): Listed {
  const given = typeof entry === 'object' && entry !== null && 'model' in entry ? entry : { model: entry };
  const where = given === entry ? `${path}.model` : path;
  const model = typeof given.model === 'string' ? lookUp(given.model, where, registry) : given.model;
  if (!isModel(model)) throw new InvalidInputError(where, 'is neither a model nor a name in the registry');
  const id =
    given.id ?? (typeof given.model === 'string' ? given.model : `${model.provider}/${model.modelId}`);
  if (typeof id !== 'string' || id === '') throw new InvalidInputError(`${path}.id`, 'is not a name');
  const weight = given.weight ?? 1;
  if (!(weight >= 0 && weight < Number.POSITIVE_INFINITY))
    throw new InvalidInputError(`${path}.weight`, 'is not a number from 0');
  return { id, model, weight, price: given.price, credential: given.credential, fallback };
}

function lookUp(name: string, path: string, registry: ModelRegistry): ChatModel {
  if (!Object.hasOwn(registry, name)) {
    const known = Object.keys(registry);
    throw new InvalidInputError(
      path,
      `is “${name}”, and the registry has ${known.join(', ') || 'no models'}`,
    );
  }
  const found = registry[name];
  return typeof found === 'function' ? found() : (found as ChatModel);
}

function isModel(value: unknown): value is ChatModel {
  return typeof value === 'object' && value !== null && 'stream' in value && 'traits' in value;
}
