import type { LanguageModelV4CallOptions } from '@ai-sdk/provider';
import type { ChatRequest, JsonValue, Warning } from '@loci/core';
import { createWarnings, type Warnings } from '@loci/core/conversation';
import { isObject } from '@loci/core/provider';
import { fromAiSdkPrompt } from './from-ai-sdk-prompt.js';
import { fromAiSdkTools } from './from-ai-sdk-tools.js';
import { toJson } from './json.js';
import { lociName } from './marks.js';

/** Settings of the AI SDK that a request of core has no field for. */
const unsupported = [
  'topP',
  'topK',
  'presencePenalty',
  'frequencyPenalty',
  'stopSequences',
  'seed',
  'includeRawChunks',
] as const;

/**
 * The options of an AI SDK call as a request of core. What a request cannot hold is in `warnings`. Of the provider
 * options only those under `loci` are read: `vendor` and `cache`, in the form of `ChatRequest`.
 */
export function fromAiSdkCallOptions(options: LanguageModelV4CallOptions): {
  readonly request: ChatRequest;
  readonly warnings: readonly Warning[];
} {
  const { tools, toolChoice, maxOutputTokens, temperature } = options;
  const warnings = createWarnings();
  const { messages, warnings: dropped } = fromAiSdkPrompt(options.prompt);
  const left = (name: string) =>
    warnings.add(name, `${name} was left out: a model of Loci has no such setting.`);
  for (const name of unsupported) {
    const value = options[name];
    if (value !== undefined && value !== false) left(name);
  }
  const headers = Object.entries(options.headers ?? {});
  // The AI SDK itself sends its name to every model.
  if (headers.some(([name, value]) => value !== undefined && name.toLowerCase() !== 'user-agent'))
    left('headers');
  const request: ChatRequest = {
    messages,
    ...(tools && tools.length > 0 && { tools: fromAiSdkTools(tools, warnings) }),
    ...(toolChoice && {
      toolChoice: toolChoice.type === 'tool' ? { toolName: toolChoice.toolName } : toolChoice.type,
    }),
    ...toOutput(options, warnings),
    ...(maxOutputTokens !== undefined && { maxOutputTokens }),
    ...(temperature !== undefined && { temperature }),
    ...toReasoning(options, warnings),
    ...toOwnOptions(options, left),
  };
  return { request, warnings: [...warnings.list(), ...dropped] };
}

function toOutput(
  { responseFormat }: LanguageModelV4CallOptions,
  warnings: Warnings,
): Pick<ChatRequest, 'output'> {
  if (responseFormat?.type !== 'json') return {};
  if (responseFormat.schema)
    return { output: { name: responseFormat.name ?? 'response', schema: toJson(responseFormat.schema) } };
  warnings.add(
    'responseFormat',
    'JSON without a schema was left out: give a schema, or ask for JSON in words.',
  );
  return {};
}

const nearest = { minimal: 'low', xhigh: 'high', max: 'high' } as const;

function toReasoning(
  { reasoning }: LanguageModelV4CallOptions,
  warnings: Warnings,
): Pick<ChatRequest, 'reasoning'> {
  if (reasoning === undefined || reasoning === 'provider-default') return {};
  if (reasoning !== 'minimal' && reasoning !== 'xhigh' && reasoning !== 'max')
    return { reasoning: { effort: reasoning } };
  const effort = nearest[reasoning];
  warnings.add('reasoning', `The reasoning effort ${reasoning} was sent as ${effort}.`);
  return { reasoning: { effort } };
}

function toOwnOptions(
  { providerOptions = {} }: LanguageModelV4CallOptions,
  left: (name: string) => void,
): Pick<ChatRequest, 'vendor' | 'cache'> {
  if (Object.keys(providerOptions).some((name) => name !== lociName)) left('providerOptions');
  const vendor = toJson(providerOptions[lociName]?.['vendor']);
  const cache = toJson(providerOptions[lociName]?.['cache']);
  return {
    ...(isObject(vendor) && { vendor: vendor as { readonly [name: string]: JsonValue } }),
    ...(isCache(cache) && { cache }),
  };
}

function isCache(value: JsonValue): value is NonNullable<ChatRequest['cache']> {
  return (
    isObject(value) &&
    typeof value['affinityKey'] === 'string' &&
    Array.isArray(value['prefixEnds']) &&
    value['prefixEnds'].every((id) => typeof id === 'string')
  );
}
