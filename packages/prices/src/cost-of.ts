import type { Usage } from '@loci/core';
import type { Money, Price } from './price.js';

/** What one call cost, by what it was spent on. */
export interface Cost {
  /** Of the four parts. */
  readonly total: Money;
  /** Input that was neither read from a cache nor written to one. */
  readonly input: Money;
  readonly cacheRead: Money;
  /** Of both lifetimes. */
  readonly cacheWrite: Money;
  /** Reasoning included. */
  readonly output: Money;
}

/**
 * What a call cost at the vendor's standard tier, exactly. `null` where the usage or the price is not known, where a part
 * that was used has no price, and where the usage contradicts itself; never 0 for what is not known.
 *
 * @example
 * const cost = costOf(response.usage, listedPrices.priceOf('openai', 'gpt-5.4'));
 */
export function costOf(usage: Usage | null, price: Price | null): Cost | null {
  if (!usage || !price) return null;
  const rates = price.tiers?.findLast(({ above }) => usage.input > above) ?? price;
  const long = usage.cacheWriteLong ?? 0;
  const input = costOfPart(usage.input - usage.cacheRead - usage.cacheWrite, rates.input);
  const cacheRead = costOfPart(usage.cacheRead, rates.cacheRead);
  const short = costOfPart(usage.cacheWrite - long, rates.cacheWrite);
  const lasting = costOfPart(long, rates.cacheWriteLong);
  const output = costOfPart(usage.output, rates.output);
  if (input === null || cacheRead === null || short === null || lasting === null || output === null)
    return null;
  const cacheWrite = short + lasting;
  return { total: input + cacheRead + cacheWrite + output, input, cacheRead, cacheWrite, output };
}

function costOfPart(tokens: number, rate: Money | undefined): Money | null {
  if (!Number.isSafeInteger(tokens) || tokens < 0) return null;
  // What was not used costs nothing, priced or not.
  if (tokens === 0) return 0n;
  return rate === undefined ? null : BigInt(tokens) * rate;
}
