import type { Usage } from '@loci/core';
import { isObject } from '@loci/core/provider';

/**
 * The vendor's usage in core's convention. Messages counts what was read from the cache or written to it *beside*
 * `input_tokens`, so it is added; the output already includes the thinking. `null` where the totals were not said.
 */
export function mapUsage(usage: unknown): Usage | null {
  const uncached = tokens(usage, 'input_tokens');
  const output = tokens(usage, 'output_tokens');
  if (uncached === undefined || output === undefined) return null;
  const cacheRead = tokens(usage, 'cache_read_input_tokens') ?? 0;
  const cacheWrite = tokens(usage, 'cache_creation_input_tokens') ?? 0;
  const long = tokens(isObject(usage) ? usage['cache_creation'] : undefined, 'ephemeral_1h_input_tokens');
  const details = isObject(usage) ? usage['output_tokens_details'] : undefined;
  return {
    input: uncached + cacheRead + cacheWrite,
    cacheRead,
    cacheWrite,
    ...(long !== undefined && { cacheWriteLong: Math.min(long, cacheWrite) }),
    output,
    reasoning: Math.min(output, tokens(details, 'thinking_tokens') ?? 0),
  };
}

function tokens(value: unknown, name: string): number | undefined {
  const found = isObject(value) ? value[name] : undefined;
  return typeof found === 'number' && Number.isFinite(found) && found >= 0 ? found : undefined;
}
