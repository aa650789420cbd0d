import type { Usage } from '@loci/core';
import { isObject } from '@loci/core/provider';
import { pick } from './read.js';

/**
 * The vendor's usage in core's convention. The prompt already holds its cached tokens, which are stated in one of three
 * spellings; tokens of reasoning are part of the completion and not told apart. `null` where the totals were not said.
 */
export function mapUsage(usage: unknown): Usage | null {
  const input = tokens(pick(usage, 'promptTokens', 'prompt_tokens'));
  const output = tokens(pick(usage, 'completionTokens', 'completion_tokens'));
  // The SDK fills in zeros: a prompt is never empty.
  if (input === undefined || output === undefined || input + output === 0) return null;
  const details =
    pick(usage, 'promptTokensDetails', 'prompt_tokens_details') ??
    pick(usage, 'promptTokenDetails', 'prompt_token_details');
  const cached =
    tokens(pick(usage, 'numCachedTokens', 'num_cached_tokens')) ??
    (isObject(details) ? tokens(pick(details, 'cachedTokens', 'cached_tokens')) : undefined) ??
    0;
  return { input, cacheRead: Math.min(cached, input), cacheWrite: 0, output, reasoning: 0 };
}

function tokens(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined;
}
