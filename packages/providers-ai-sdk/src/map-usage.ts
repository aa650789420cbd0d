import type { LanguageModelV4Usage } from '@ai-sdk/provider';
import type { Usage } from '@loci/core';

/** Usage of the AI SDK in core's convention, which is the same: totals, of which. `null` where a total was not said. */
export function mapUsage({ inputTokens, outputTokens }: LanguageModelV4Usage): Usage | null {
  const [input, output] = [count(inputTokens.total), count(outputTokens.total)];
  if (input === undefined || output === undefined) return null;
  const cacheRead = Math.min(input, count(inputTokens.cacheRead) ?? 0);
  return {
    input,
    cacheRead,
    cacheWrite: Math.min(input - cacheRead, count(inputTokens.cacheWrite) ?? 0),
    output,
    reasoning: Math.min(output, count(outputTokens.reasoning) ?? 0),
  };
}

/** Core's usage as the AI SDK's; every count is `undefined` where the vendor did not say. */
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
  };
}

function count(value: number | undefined): number | undefined {
  return value !== undefined && Number.isFinite(value) && value >= 0 ? value : undefined;
}
