import { type ChatRequest, type Clock, InvalidInputError, systemClock, type TokenCounter } from '@loci/core';
import { estimateCounter } from '@loci/core/turn';
import { type CacheRates, type CacheRules, type CacheVendor, cacheRules } from './cache-rules.js';
import { lookUpMarks, lookUpSteps } from './look-up.js';
import { createPrefixStore, type PrefixStore } from './prefix-store.js';
import { createBlockReader } from './to-blocks.js';

export interface PrefixCacheOptions {
  /** Whose rules, or rules of one's own; see `cacheRules`. */
  readonly vendor: CacheVendor | CacheRules;
  /** Entries age by it. @default the machine's own */
  readonly clock?: Clock;
  /** Has to be loaded. @default an estimate */
  readonly counter?: TokenCounter;
  /** @default the vendor's: the cost is in units of one uncached input token */
  readonly rates?: CacheRates;
}

/** What a call was billed for. INVARIANT: `cacheRead` and `cacheWrite` are parts of `input`. */
export interface CachedCall {
  /** Tokens in all. */
  readonly input: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
  readonly output: number;
  /** By the rates. */
  readonly cost: number;
}

export interface PrefixCache {
  /**
   * Bills a request that was answered with `output` tokens, and remembers its prefixes. Costs what the request has of
   * messages that were not seen before, and a look at each block of the others.
   * Throws `InvalidInputError` where `output` is not a whole number from 0.
   */
  call(request: ChatRequest, output: number): CachedCall;
  readonly counter: TokenCounter;
}

/**
 * A vendor's prompt cache, simulated: what a call would have read from it, written to it and cost. **It is a simulation:**
 * it follows the published rules exactly, while vendors promise less than that. One object is one vendor's cache for one
 * model; give the same one to everything that asks that model.
 *
 * @example
 * const cache = createPrefixCache({ vendor: 'anthropic', clock });
 * cache.call(request, 200); // { input: 5000, cacheRead: 0, cacheWrite: 4900, output: 200, cost: 7225 }
 * cache.call(request, 200); // { input: 5000, cacheRead: 4900, cacheWrite: 0, output: 200, cost: 1590 }
 */
export function createPrefixCache(options: PrefixCacheOptions): PrefixCache {
  const { clock = systemClock, counter = estimateCounter } = options;
  const rules = typeof options.vendor === 'string' ? cacheRules[options.vendor] : options.vendor;
  if (!rules) throw new InvalidInputError('vendor', 'has no rules here; give them');
  const rates = options.rates ?? rules.rates;
  const toBlocks = createBlockReader(counter, rules.settings);
  const stores = new Map<string, PrefixStore>();

  function storeOf(key: string | undefined): PrefixStore | undefined {
    if (rules.key === 'required' && key === undefined) return undefined;
    const name = rules.key === 'ignored' ? '' : JSON.stringify(key ?? null);
    const store = stores.get(name) ?? createPrefixStore(rules.lifetimeMs);
    stores.set(name, store);
    return store;
  }

  return Object.freeze({
    counter,
    call(request: ChatRequest, output: number): CachedCall {
      if (!Number.isSafeInteger(output) || output < 0)
        throw new InvalidInputError('output', 'must be a whole number from 0');
      const { ends, minTokens } = rules;
      const now = clock.now();
      const blocks = toBlocks(request);
      const store = storeOf(request.cache?.affinityKey);
      store?.forgetExpired(now);
      const { cacheRead, cacheWrite } = !store
        ? { cacheRead: 0, cacheWrite: 0 }
        : ends.at === 'steps'
          ? lookUpSteps(blocks, { ends, minTokens }, store, now)
          : lookUpMarks(blocks, request.cache?.prefixEnds ?? [], { ends, minTokens }, store, now);
      const input = blocks.at(-1)?.tokens ?? 0;
      const cost =
        (input - cacheRead - cacheWrite) * rates.input +
        cacheRead * rates.cacheRead +
        cacheWrite * rates.cacheWrite +
        output * rates.output;
      return { input, cacheRead, cacheWrite, output, cost };
    },
  });
}
