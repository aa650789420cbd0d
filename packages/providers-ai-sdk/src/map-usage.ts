import type { LanguageModelV4Usage } from '@ai-sdk/provider';
import type { Usage } from '@loci/core';
import { isObject } from '@loci/core/provider';

/**
 * Usage of the AI SDK in core's convention, which is the same: totals, of which. `null` where a total was not said. How
 * long cache entries live is only in `raw`, in the words of Anthropic or, where `toAiSdk` said it, of core.
 */
export function mapUsage({ inputTokens, outputTokens, raw }: LanguageModelV4Usage): Usage | null {
  const [input, output] = [count(inputTokens.total), count(outputTokens.total)];
  if (input === undefined || output === undefined) return null;
  const cacheRead = Math.min(input, count(inputTokens.cacheRead) ?? 0);
  const cacheWrite = Math.min(input - cacheRead, count(inputTokens.cacheWrite) ?? 0);
  const created = isObject(raw?.['cache_creation']) ? raw['cache_creation'] : {};
  const long = count(raw?.['cacheWriteLong'] ?? created['ephemeral_1h_input_tokens']);
  return {
    input,
    cacheRead,
    cacheWrite,
    ...(long !== undefined && { cacheWriteLong: Math.min(cacheWrite, long) }),
    output,
    reasoning: Math.min(output, count(outputTokens.reasoning) ?? 0),
  };
}

/** Core's usage as the AI SDK's, and as it was in `raw`; every count is `undefined` where the vendor did not say. */
export function toAiSdkUsage(usage: Usage | null | undefined): LanguageModelV4Usage {
  const { input, cacheRead, cacheWrite, output, reasoning } = usage ?? {};
  return {
    inputTokens: {
      total: input,
      noCache: usage ? usage.input - usage.cacheRead - usage.cacheWrite : undefined,
      cacheRead,
      cacheWrite,
    },
    outputTokens: { total: output, text: usage ? usage.output - usage.reasoning : undefined, reasoning },
    ...(usage && { raw: { ...usage } }),
  };
}

function count(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined;
}
