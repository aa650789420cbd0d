import {
  type ChatRequest,
  hashText,
  InvalidInputError,
  type JsonValue,
  ModelError,
  type ModelTraits,
  type Warning,
} from '@loci/core';
import { compileConversation, createWarnings, type LossReport, type Warnings } from '@loci/core/conversation';
import type { OpenAI } from 'openai';
import { chatDialect } from './chat-dialect.js';
import type { OpenAISettings } from './settings.js';
import { toWireMessages } from './to-messages.js';
import { toOpenAITools, toResponseFormat, toToolChoice } from './to-tools.js';
import { isReasoningModel, leastEffort } from './traits.js';

export interface ToRequestOptions
  extends Pick<OpenAISettings, 'provider' | 'streamUsage' | 'maxTokensField' | 'cacheKey'> {
  readonly modelId: string;
  readonly traits: ModelTraits;
}

export interface WireRequest {
  readonly body: OpenAI.ChatCompletionCreateParamsStreaming;
  readonly warnings: readonly Warning[];
  /** What became of every part of the conversation. */
  readonly report: LossReport;
  /** The caller's name of each tool, by its name on the wire. */
  readonly toolNames: ReadonlyMap<string, string>;
}

type Body = OpenAI.ChatCompletionCreateParamsStreaming;

/** What the provider itself decides: setting one of these through `vendor` would break what it promises. */
const ownFields = ['model', 'messages', 'stream', 'n'];

/**
 * The body of a call. It is always one that the vendor takes; what had to be changed or left out is in `warnings`.
 * Throws `ModelError` `invalid-request` where no message is left to send, `InvalidInputError` for `vendor` settings that
 * are no object.
 */
export function toOpenAIRequest(request: ChatRequest, options: ToRequestOptions): WireRequest {
  const { modelId, traits, streamUsage = true } = options;
  const warnings = createWarnings();
  const tools = supported('tools', request.tools?.length ? request.tools : undefined, traits, warnings) ?? [];
  const compiled = compileConversation(request.messages, chatDialect(traits.features), {
    tools: tools.map((tool) => tool.name),
  });
  if (compiled.messages.length === 0) {
    const data = { kind: 'invalid-request', scope: 'request', retry: 'none' } as const;
    throw new ModelError(
      'There is nothing to send: no message has content that the vendor takes. Add a user message.',
      data,
    );
  }
  const toolChoice = toToolChoice(request.toolChoice, tools, compiled.wireNames, warnings);
  const body: Body = {
    model: modelId,
    messages: toWireMessages(compiled.messages, isReasoningModel(modelId) ? 'developer' : 'system'),
    stream: true,
    ...(streamUsage && { stream_options: { include_usage: true } }),
    ...(tools.length > 0 && { tools: toOpenAITools(tools, compiled.wireNames) }),
    ...(toolChoice !== undefined && { tool_choice: toolChoice }),
    ...outputFields(request, traits, warnings),
    ...limitFields(request, options, warnings),
    ...samplingFields(request, modelId, traits, warnings),
    ...cacheFields(request, options),
    ...vendorFields(request, options.provider ?? 'openai'),
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
  const format = toResponseFormat(wanted);
  if (!format)
    warnings.add('output-schema', 'The output schema was left out: it is not a JSON Schema object.');
  return format ? { response_format: format } : {};
}

function limitFields(
  { maxOutputTokens }: ChatRequest,
  { maxTokensField = 'max_completion_tokens' }: ToRequestOptions,
  warnings: Warnings,
): Partial<Body> {
  if (maxOutputTokens === undefined) return {};
  if (Number.isInteger(maxOutputTokens) && maxOutputTokens > 0) return { [maxTokensField]: maxOutputTokens };
  warnings.add(
    'max-output-tokens',
    'The maximum of output tokens was left out: it is not a positive whole number.',
  );
  return {};
}

function samplingFields(
  { temperature, reasoning }: ChatRequest,
  modelId: string,
  traits: ModelTraits,
  warnings: Warnings,
): Partial<Body> {
  const effort = toEffort(reasoning?.effort, modelId, traits, warnings);
  const fields: Partial<Body> = effort === undefined ? {} : { reasoning_effort: effort };
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

function toEffort(
  effort: 'none' | 'low' | 'medium' | 'high' | undefined,
  modelId: string,
  traits: ModelTraits,
  warnings: Warnings,
) {
  // A model that does not reason already does what `none` asks for.
  if (effort === undefined || (effort === 'none' && traits.features.reasoning === 'no')) return undefined;
  if (supported('reasoning', effort, traits, warnings) === undefined) return undefined;
  const least = leastEffort(modelId);
  if (effort !== 'none' || least === 'none') return effort;
  warnings.add('reasoning', `The reasoning effort was raised to ${least}: ${modelId} cannot do without.`);
  return least;
}

function cacheFields({ cache }: ChatRequest, { cacheKey = false }: ToRequestOptions): Partial<Body> {
  if (!cacheKey || !cache?.affinityKey) return {};
  // The vendor takes 64 characters.
  return {
    prompt_cache_key: cache.affinityKey.length > 64 ? hashText(cache.affinityKey) : cache.affinityKey,
  };
}

function vendorFields({ vendor }: ChatRequest, provider: string): Record<string, JsonValue> {
  const settings = vendor?.[provider];
  if (settings === undefined) return {};
  const path = `request.vendor.${provider}`;
  if (!isObject(settings)) throw new InvalidInputError(path, 'is not an object');
  const own = ownFields.find((field) => field in settings);
  if (own !== undefined) throw new InvalidInputError(`${path}.${own}`, 'is set by the provider itself');
  return { ...settings };
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

function isObject(value: JsonValue): value is { readonly [name: string]: JsonValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
