/** Integer picodollars (10⁻¹² US dollars): every published price per token is a whole number of them. */
export type Money = bigint;

/** What one token costs. A part that the vendor does not price is absent. */
export interface Rates {
  readonly input: Money;
  readonly cacheRead?: Money;
  readonly cacheWrite?: Money;
  /** Of a cache entry with the vendor's longer lifetime. */
  readonly cacheWriteLong?: Money;
  /** Reasoning is billed as output by all three vendors. */
  readonly output: Money;
}

/** The dated price of one exact model id. */
export interface Price extends Rates {
  readonly provider: string;
  readonly modelId: string;
  /** ISO day on which the price was read. */
  readonly asOf: string;
  readonly source: string;
  /** By total input tokens, ascending: the last tier whose bound is exceeded prices the whole call. */
  readonly tiers?: readonly ({ readonly above: number } & Rates)[];
}

/** `null` for a model whose price is not known; never a price of 0 in its place. */
export interface PriceSource {
  priceOf(provider: string, modelId: string): Price | null;
}
