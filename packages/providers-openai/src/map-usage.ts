import type { Usage } from '@loci/core';

/**
 * The vendor's usage in core's convention. Chat Completions already counts cached tokens in the prompt and reasoning
 * tokens in the completion. `null` where the totals were not said.
 */
export function mapUsage(usage: unknown): Usage | null {
  const input = tokens(usage, 'prompt_tokens');
  const output = tokens(usage, 'completion_tokens');
  if (input === undefined || output === undefined) return null;
  const prompt = field(usage, 'prompt_tokens_details');
  const completion = field(usage, 'completion_tokens_details');
  return {
    input,
    cacheRead: tokens(prompt, 'cached_tokens') ?? 0,
    cacheWrite: tokens(prompt, 'cache_write_tokens') ?? 0,
    output,
    reasoning: tokens(completion, 'reasoning_tokens') ?? 0,
  };
}

export function tokens(value: unknown, name: string): number | undefined {
  const found = field(value, name);
  return typeof found === 'number' && Number.isFinite(found) && found >= 0 ? found : undefined;
}

export function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}
