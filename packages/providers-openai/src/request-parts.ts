import type { ChatRequest, ModelTraits, Warning } from '@loci/core';
import type { LossReport, Warnings } from '@loci/core/conversation';
import { supported, toCacheKey, toTemperature } from '@loci/core/provider';
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

/** Reasoning effort and temperature as this model takes them together. */
export function toSampling(
  request: ChatRequest,
  modelId: string,
  traits: ModelTraits,
  warnings: Warnings,
): { readonly effort?: Effort; readonly temperature?: number } {
  const effort = toEffort(request.reasoning?.effort, modelId, traits, warnings);
  const fields = effort === undefined ? {} : { effort };
  if (request.temperature === undefined) return fields;
  if (isReasoningModel(modelId) && request.temperature !== 1 && effort !== 'none') {
    warnings.add('temperature', `The temperature was left out: ${modelId} refuses it while it reasons.`);
    return fields;
  }
  const temperature = toTemperature(request, 2, warnings);
  return temperature === undefined ? fields : { ...fields, temperature };
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

/** The key that keeps equal prefixes on one endpoint. */
export function cacheFields(
  request: ChatRequest,
  { cacheKey = false }: ToRequestOptions,
): { readonly prompt_cache_key?: string } {
  const key = cacheKey ? toCacheKey(request) : undefined;
  return key === undefined ? {} : { prompt_cache_key: key };
}
