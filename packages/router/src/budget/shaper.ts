import { type ChatResponse, type Clock, InvalidInputError, systemClock } from '@loci/core';
import { type Bucket, createBucket, fill, sync, waitFor } from './bucket.js';
import { readRateLimits, type StatedLimit } from './rate-limits.js';

export interface RateLimits {
  readonly requestsPerMinute?: number;
  readonly tokensPerMinute?: number;
}

export interface ShaperOptions {
  /** By the id of the candidate. Where none is given, the vendor's own limits hold as soon as it states them. @default {} */
  readonly limits?: { readonly [id: string]: RateLimits };
  /** @default systemClock */
  readonly clock?: Clock;
}

/** Keeps requests and tokens within their rates. It never waits itself: it says when a request may start. */
export interface Shaper {
  /** Epoch milliseconds when a request of so many tokens may start; not after now where it may at once. */
  startAt(id: string, tokens: number): number;
  /** For a request that starts, permitted or not. Returns what corrects the tokens to those that were used. */
  take(id: string, tokens: number): (usedTokens: number) => void;
  /** Reads the rate limits that came with a response; a response without any changes nothing. */
  sync(id: string, notes: ChatResponse['notes']): void;
}

type Part = 'requests' | 'tokens';

/**
 * Local shaping of one process: a bucket of requests and one of tokens for each model, which follow what OpenAI,
 * Anthropic and Mistral say in their rate-limit headers. Throws `InvalidInputError` for a limit that is none.
 *
 * @example
 * const shaper = createShaper({ limits: { 'openai/gpt-5.4': { requestsPerMinute: 500 } } });
 * if (shaper.startAt('openai/gpt-5.4', 1200) <= Date.now()) shaper.take('openai/gpt-5.4', 1200);
 */
export function createShaper(options: ShaperOptions = {}): Shaper {
  const { limits = {}, clock = systemClock } = options;
  const given = new Map<string, number>();
  const buckets = new Map<string, Bucket>();
  for (const [id, { requestsPerMinute, tokensPerMinute }] of Object.entries(limits)) {
    add(id, 'requests', requestsPerMinute, `options.limits.${id}.requestsPerMinute`);
    add(id, 'tokens', tokensPerMinute, `options.limits.${id}.tokensPerMinute`);
  }

  function add(id: string, part: Part, perMinute: number | undefined, path: string): void {
    if (perMinute === undefined) return;
    if (!(perMinute > 0 && perMinute < Number.POSITIVE_INFINITY))
      throw new InvalidInputError(path, 'is not a number above 0');
    given.set(nameOf(id, part), perMinute);
    buckets.set(nameOf(id, part), createBucket(perMinute, clock.now()));
  }

  function filled(id: string, part: Part): Bucket | undefined {
    const bucket = buckets.get(nameOf(id, part));
    if (bucket) fill(bucket, clock.now());
    return bucket;
  }

  function follow(id: string, part: Part, stated: StatedLimit | undefined): void {
    if (!stated) return;
    const bucket = filled(id, part) ?? createBucket(stated.limit, clock.now());
    buckets.set(nameOf(id, part), bucket);
    sync(bucket, stated, given.get(nameOf(id, part)) ?? Number.POSITIVE_INFINITY);
  }

  return Object.freeze<Shaper>({
    startAt(id, tokens) {
      const requests = filled(id, 'requests');
      const ofTokens = filled(id, 'tokens');
      const wait = Math.max(requests ? waitFor(requests, 1) : 0, ofTokens ? waitFor(ofTokens, tokens) : 0);
      return clock.now() + wait;
    },
    take(id, tokens) {
      const requests = filled(id, 'requests');
      const ofTokens = filled(id, 'tokens');
      if (requests) requests.level -= 1;
      if (ofTokens) ofTokens.level -= tokens;
      return (usedTokens) => {
        const bucket = ofTokens && filled(id, 'tokens');
        if (bucket) bucket.level = Math.min(bucket.capacity, bucket.level + tokens - usedTokens);
      };
    },
    sync(id, notes) {
      const { requests, tokens } = readRateLimits(notes, clock.now());
      follow(id, 'requests', requests);
      follow(id, 'tokens', tokens);
    },
  });
}

function nameOf(id: string, part: Part): string {
  return `${part} ${id}`;
}
