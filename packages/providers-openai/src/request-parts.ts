import {
  type ChatRequest,
  hashText,
  InvalidInputError,
  type JsonValue,
  ModelError,
  type ModelTraits,
  type ToolSpec,
  type Warning,
} from '@loci/core';
import type { LossReport, Warnings } from '@loci/core/conversation';
import type { OpenAISettings } from './settings.js';
import { isReasoningModel, leastEffort } from './traits.js';

export interface ToRequestOptions
  extends Pick<OpenAISettings, 'provider' | 'streamUsage' | 'maxTokensField' | 'cacheKey' | 'organization'> {
  readonly modelId: string;
  readonly traits: ModelTraits;
}

/** A body of one of the two APIs, and what it took to make it. */
export interface WireRequest<Body> {
  readonly body: Body;
  readonly warnings: readonly Warning[];
  /** What became of every part of the conversation. */
  readonly report: LossReport;
  /** The caller's name of each tool, by its name on the wire. */
  readonly toolNames: ReadonlyMap<string, string>;
}

/** The value, or `undefined` with a warning where the model is known not to have the feature. */
export function supported<T>(
  feature: 'tools' | 'output-schema' | 'reasoning',
  value: T | undefined,
  traits: ModelTraits,
  warnings: Warnings,
): T | undefined {
  if (value === undefined || traits.features[feature] !== 'no') return value;
  warnings.add(feature, `The model does not support ${feature}; it was left out.`);
  return undefined;
}

/** The tools that are declared; none where the model takes none. */
export function toDeclared(
  { tools }: ChatRequest,
  traits: ModelTraits,
  warnings: Warnings,
): readonly ToolSpec[] {
  return supported('tools', tools?.length ? tools : undefined, traits, warnings) ?? [];
}

/** The maximum of output tokens, where it is one; raised to the least that the API takes. */
export function toMaximum(
  { maxOutputTokens }: ChatRequest,
  least: number,
  warnings: Warnings,
): number | undefined {
  if (maxOutputTokens === undefined) return undefined;
  if (!Number.isInteger(maxOutputTokens) || maxOutputTokens <= 0) {
    warnings.add(
      'max-output-tokens',
      'The maximum of output tokens was left out: it is not a positive whole number.',
    );
    return undefined;
  }
  if (maxOutputTokens < least)
    warnings.add(
      'max-output-tokens',
      `The maximum of output tokens was raised to ${least}, the vendor's least.`,
    );
  return Math.max(least, maxOutputTokens);
}

/** Reasoning effort and temperature as this model takes them together. */
export function toSampling(
  { temperature, reasoning }: ChatRequest,
  modelId: string,
  traits: ModelTraits,
  warnings: Warnings,
): { readonly effort?: Effort; readonly temperature?: number } {
  const effort = toEffort(reasoning?.effort, modelId, traits, warnings);
  const fields = effort === undefined ? {} : { effort };
  if (temperature === undefined) return fields;
  if (isReasoningModel(modelId) && temperature !== 1 && effort !== 'none') {
    warnings.add('temperature', `The temperature was left out: ${modelId} refuses it while it reasons.`);
    return fields;
  }
  const clamped = Math.min(2, Math.max(0, temperature));
  if (!Number.isFinite(clamped)) {
    warnings.add('temperature', 'The temperature was left out: it is not a number.');
    return fields;
  }
  if (clamped !== temperature)
    warnings.add('temperature', `The temperature was changed to ${clamped}: the vendor takes 0 to 2.`);
  return { ...fields, temperature: clamped };
}

type Effort = NonNullable<ChatRequest['reasoning']>['effort'] | 'minimal';

function toEffort(
  effort: NonNullable<ChatRequest['reasoning']>['effort'] | undefined,
  modelId: string,
  traits: ModelTraits,
  warnings: Warnings,
): Effort | undefined {
  // A model that does not reason already does what `none` asks for.
  if (effort === undefined || (effort === 'none' && traits.features.reasoning === 'no')) return undefined;
  if (supported('reasoning', effort, traits, warnings) === undefined) return undefined;
  const least = leastEffort(modelId);
  if (effort !== 'none' || least === 'none') return effort;
  warnings.add('reasoning', `The reasoning effort was raised to ${least}: ${modelId} cannot do without.`);
  return least;
}

/** The key that keeps equal prefixes on one endpoint; the vendor takes 64 characters. */
export function cacheFields(
  { cache }: ChatRequest,
  { cacheKey = false }: ToRequestOptions,
): { readonly prompt_cache_key?: string } {
  if (!cacheKey || !cache?.affinityKey) return {};
  const key = cache.affinityKey;
  return { prompt_cache_key: key.length > 64 ? hashText(key) : key };
}

/** The caller's settings for this vendor. Throws `InvalidInputError` for what the provider decides itself. */
export function vendorFields(
  { vendor }: ChatRequest,
  provider = 'openai',
  ownFields: readonly string[],
): Record<string, JsonValue> {
  const settings = vendor?.[provider];
  if (settings === undefined) return {};
  const path = `request.vendor.${provider}`;
  if (!isObject(settings)) throw new InvalidInputError(path, 'is not an object');
  const own = ownFields.find((field) => field in settings);
  if (own !== undefined) throw new InvalidInputError(`${path}.${own}`, 'is set by the provider itself');
  return { ...settings };
}

export function checkNotEmpty(messages: readonly unknown[]): void {
  if (messages.length > 0) return;
  throw new ModelError(
    'There is nothing to send: no message has content that the vendor takes. Add a user message.',
    { kind: 'invalid-request', scope: 'request', retry: 'none' },
  );
}

function isObject(value: JsonValue): value is { readonly [name: string]: JsonValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
