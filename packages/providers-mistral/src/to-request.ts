import {
  type ChatRequest,
  hashText,
  InvalidInputError,
  type JsonValue,
  ModelError,
  type ModelTraits,
  type Warning,
} from '@loci/core';
import { createWarnings, type LossReport, type Warnings } from '@loci/core/conversation';
import type { ChatCompletionStreamRequest } from '@mistralai/mistralai/models/components';
import { compileForMistral } from './compile.js';
import { decision } from './failures.js';
import { isObject } from './read.js';
import type { MistralSettings } from './settings.js';
import { toWireMessages } from './to-messages.js';
import { toMistralTools, toResponseFormat, toToolChoice } from './to-tools.js';
import { alwaysReasons } from './traits.js';

export interface ToRequestOptions extends Pick<MistralSettings, 'provider' | 'cacheKey'> {
  readonly modelId: string;
  readonly traits: ModelTraits;
}

export interface MistralRequest {
  /** As the vendor's SDK takes it. */
  readonly body: ChatCompletionStreamRequest;
  readonly warnings: readonly Warning[];
  /** What became of every part of the conversation. */
  readonly report: LossReport;
  /** The caller's name of each tool, by its name on the wire. */
  readonly toolNames: ReadonlyMap<string, string>;
}

type Body = ChatCompletionStreamRequest;

/** What `vendor` may set, by its name in the SDK, which drops every other name without a word. */
const vendorFields =
  /^(?:topP|stop|randomSeed|metadata|(?:presence|frequency)Penalty|prediction|parallelToolCalls|reasoningEffort|promptMode|guardrails|promptCacheKey|serviceTier|safePrompt|temperature|maxTokens|toolChoice|responseFormat)$/;

/**
 * The body of a call. It is always one that the vendor takes; what had to be changed or left out is in `warnings`.
 * Throws `ModelError` `invalid-request` where no message is left to send, `InvalidInputError` for `vendor` settings that
 * the SDK does not know.
 */
export function toMistralRequest(request: ChatRequest, options: ToRequestOptions): MistralRequest {
  const { modelId, traits, provider = 'mistral' } = options;
  const warnings = createWarnings();
  const tools = supported('tools', request.tools?.length ? request.tools : undefined, traits, warnings) ?? [];
  const compiled = compileForMistral(
    request.messages,
    { features: traits.features, origin: { provider, model: modelId } },
    tools.map((tool) => tool.name),
  );
  if (compiled.messages.length === 0) {
    throw new ModelError(
      'There is nothing to send: no message has content that the vendor takes. Add a user message.',
      decision('invalid-request', 'request', 'none'),
    );
  }
  const toolChoice = toToolChoice(request.toolChoice, tools, compiled.wireNames, warnings);
  const body: Body = {
    model: modelId,
    messages: toWireMessages(compiled.messages, compiled.prefix),
    ...(tools.length > 0 && { tools: toMistralTools(tools, compiled.wireNames) }),
    ...(toolChoice !== undefined && { toolChoice }),
    ...outputFields(request, traits, warnings),
    ...limitFields(request, warnings),
    ...temperatureFields(request, warnings),
    ...reasoningFields(request, modelId, traits, warnings),
    ...cacheFields(request, options),
    ...ownFields(request, provider),
  };
  return {
    body,
    warnings: [...warnings.list(), ...compiled.warnings],
    report: compiled.report,
    toolNames: compiled.toolNames,
  };
}

function outputFields({ output }: ChatRequest, traits: ModelTraits, warnings: Warnings): Partial<Body> {
  const wanted = supported('output-schema', output, traits, warnings);
  if (!wanted) return {};
  const responseFormat = toResponseFormat(wanted);
  if (!responseFormat) warnings.add('output-schema', 'The output schema was left out: it is no object.');
  return responseFormat ? { responseFormat } : {};
}

function limitFields({ maxOutputTokens }: ChatRequest, warnings: Warnings): Partial<Body> {
  if (maxOutputTokens === undefined) return {};
  if (Number.isSafeInteger(maxOutputTokens) && maxOutputTokens > 0) return { maxTokens: maxOutputTokens };
  warnings.add('max-output-tokens', 'The maximum of output was left out: it is no positive whole number.');
  return {};
}

function temperatureFields({ temperature }: ChatRequest, warnings: Warnings): Partial<Body> {
  if (temperature === undefined) return {};
  const clamped = Math.min(1.5, Math.max(0, temperature));
  if (!Number.isFinite(clamped)) {
    warnings.add('temperature', 'The temperature was left out: it is no number.');
    return {};
  }
  if (clamped !== temperature)
    warnings.add('temperature', `The temperature was changed to ${clamped}: the vendor takes 0 to 1.5.`);
  return { temperature: clamped };
}

/** The published efforts are `none` and `high`; the models that always reason have a mode of the prompt instead. */
function reasoningFields(
  { reasoning }: ChatRequest,
  modelId: string,
  traits: ModelTraits,
  warnings: Warnings,
): Partial<Body> {
  const effort = reasoning?.effort;
  // A model that does not reason already does what `none` asks for.
  if (effort === undefined || (effort === 'none' && traits.features.reasoning === 'no')) return {};
  if (supported('reasoning', effort, traits, warnings) === undefined) return {};
  if (alwaysReasons(modelId)) {
    if (effort !== 'high')
      warnings.add('reasoning', `The reasoning effort was left out: ${modelId} has no levels.`);
    return { promptMode: 'reasoning' };
  }
  if (effort !== 'none' && effort !== 'high')
    warnings.add('reasoning', 'The reasoning effort was raised to high: the vendor has none and high.');
  return { reasoningEffort: effort === 'none' ? 'none' : 'high' };
}

function cacheFields({ cache }: ChatRequest, { cacheKey = false }: ToRequestOptions): Partial<Body> {
  if (!cacheKey || !cache?.affinityKey) return {};
  // The vendor states no limit; a key as long as others take is safe.
  return { promptCacheKey: cache.affinityKey.length > 64 ? hashText(cache.affinityKey) : cache.affinityKey };
}

function ownFields({ vendor }: ChatRequest, provider: string): Record<string, JsonValue> {
  const settings = vendor?.[provider];
  if (settings === undefined) return {};
  const path = `request.vendor.${provider}`;
  if (!isObject(settings)) throw new InvalidInputError(path, 'is not an object');
  const wrong = Object.keys(settings).find((field) => !vendorFields.test(field));
  if (wrong !== undefined)
    throw new InvalidInputError(`${path}.${wrong}`, 'is not a setting of the SDK that may be set here');
  return { ...settings } as Record<string, JsonValue>;
}

/** The value, or `undefined` with a warning where the model is known not to have the feature. */
function supported<T>(
  feature: 'tools' | 'output-schema' | 'reasoning',
  value: T | undefined,
  traits: ModelTraits,
  warnings: Warnings,
): T | undefined {
  if (value === undefined || traits.features[feature] !== 'no') return value;
  warnings.add(feature, `The model does not support ${feature}; it was left out.`);
  return undefined;
}
