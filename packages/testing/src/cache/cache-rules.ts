/** What a token costs; the unit is whatever the caller counts in. */
export interface CacheRates {
  /** Neither read from the cache nor written to it. */
  readonly input: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
  /** Reasoning included. */
  readonly output: number;
}

/** Where a prompt may be cut for the cache: after every so many tokens, or only where a mark stands. */
export type CacheEnds =
  | { readonly at: 'steps'; readonly tokens: number }
  | {
      readonly at: 'marks';
      /** Of one request; where it has more, the first and the last ones are taken. */
      readonly most: number;
      /** Blocks that are looked at from a mark backwards, itself included, for an end that was written earlier. */
      readonly lookback: number;
      /** Whether the vendor marks the last message by itself. */
      readonly implicit: boolean;
    };

/** How a vendor's prompt cache works, as data. */
export interface CacheRules {
  readonly ends: CacheEnds;
  /** Tokens of the shortest prefix that is kept. */
  readonly minTokens: number;
  /** Milliseconds from the last use of a prefix, read or written. */
  readonly lifetimeMs: number;
  /** What `cache.affinityKey` does: requests with different keys share nothing, or nothing is kept without one. */
  readonly key: 'ignored' | 'separates' | 'required';
  /** Settings whose change makes the messages new; tools and system stay. */
  readonly settings: readonly ('toolChoice' | 'reasoning')[];
  /** In units of one uncached input token. */
  readonly rates: CacheRates;
}

export type CacheVendor = 'openai' | 'openai-marks' | 'anthropic' | 'mistral';

const minute = 60_000;

/**
 * The rules of three vendors as their pages give them, read in November 2026:
 *
 * - `openai`: models before GPT-5.6. Automatic from 1,024 tokens on, in steps of 128, reads at a tenth, writes for nothing
 *   (and not reported). The page says that entries live 5 to 10 minutes after their last use; this takes 5. Requests go to
 *   a machine by the beginning of the prompt and `prompt_cache_key`: another key is taken to be another machine.
 * - `openai-marks`: GPT-5.6 and later. The end of the last message is marked by the vendor, up to three more by the caller;
 *   a prefix is found at marks alone, however far back; writes cost a quarter more; 30 minutes.
 * - `anthropic`: only at marks, at most four, looked for at up to 20 blocks from each. Five minutes from the last use; the
 *   longer lifetime is not simulated. The shortest prefix depends on the model (512 to 4,096 tokens); this takes 1,024.
 * - `mistral`: blocks of 64 tokens for requests with the same `prompt_cache_key`, reads at a tenth, writes for nothing. The
 *   page gives no lifetime and does not promise hits: this takes 5 minutes, and that every hit comes.
 *
 * Output costs what it costs at `gpt-5.4`, `gpt-6-sol`, `claude-sonnet-5-5` and `mistral-medium-3-5`, in their input tokens.
 *
 * @example
 * const cache = createPrefixCache({ vendor: { ...cacheRules.anthropic, minTokens: 4096 } });
 */
export const cacheRules: Readonly<Record<CacheVendor, CacheRules>> = Object.freeze({
  openai: {
    ends: { at: 'steps', tokens: 128 },
    minTokens: 1024,
    lifetimeMs: 5 * minute,
    key: 'separates',
    settings: [],
    rates: { input: 1, cacheRead: 0.1, cacheWrite: 0, output: 6 },
  },
  'openai-marks': {
    ends: { at: 'marks', most: 4, lookback: Number.POSITIVE_INFINITY, implicit: true },
    minTokens: 1024,
    lifetimeMs: 30 * minute,
    key: 'separates',
    settings: [],
    rates: { input: 1, cacheRead: 0.1, cacheWrite: 1.25, output: 5 },
  },
  anthropic: {
    ends: { at: 'marks', most: 4, lookback: 20, implicit: false },
    minTokens: 1024,
    lifetimeMs: 5 * minute,
    key: 'ignored',
    settings: ['toolChoice', 'reasoning'],
    rates: { input: 1, cacheRead: 0.1, cacheWrite: 1.25, output: 5 },
  },
  mistral: {
    ends: { at: 'steps', tokens: 64 },
    minTokens: 64,
    lifetimeMs: 5 * minute,
    key: 'required',
    settings: [],
    rates: { input: 1, cacheRead: 0.1, cacheWrite: 0, output: 5 },
  },
});
