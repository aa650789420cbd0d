import type { Usage } from '@loci/core';
import { field, tokens } from './map-usage.js';

/** The usage of the Responses API in core's convention: its totals also count cached and reasoning tokens. */
export function mapResponsesUsage(usage: unknown): Usage | null {
  const input = tokens(usage, 'input_tokens');
  const output = tokens(usage, 'output_tokens');
  if (input === undefined || output === undefined) return null;
  const prompt = field(usage, 'input_tokens_details');
  const cacheWrite = tokens(prompt, 'cache_write_tokens') ?? 0;
  const long = tokens(field(prompt, 'cache_write_tokens_details'), 'ttl_12h_tokens');
  return {
    input,
    cacheRead: tokens(prompt, 'cached_tokens') ?? 0,
    cacheWrite,
    ...(long !== undefined && { cacheWriteLong: Math.min(long, cacheWrite) }),
    output,
    reasoning: tokens(field(usage, 'output_tokens_details'), 'reasoning_tokens') ?? 0,
  };
}
