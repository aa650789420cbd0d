import type { PriceTable } from '../price-table.js';
import type { Usd, UsdPrice, UsdRates } from '../read-table.js';

/** The rates of one or more ids; `null` where the vendor lists none. */
export interface Row {
  readonly ids: readonly string[];
  readonly rates: readonly [input: Usd, cacheRead: Usd | null, cacheWrite: Usd | null, output: Usd];
  /** Of entries with the longer lifetime. */
  readonly long?: Usd;
  /** The rates of calls with more input tokens than this. */
  readonly tier?: { readonly above: number; readonly rates: Row['rates']; readonly long?: Usd };
}

/** Rows of one vendor as its part of a table. */
export function toModels(rows: readonly Row[]): PriceTable['models'][string] {
  return Object.fromEntries(rows.flatMap((row) => row.ids.map((id) => [id, toPrice(row)])));
}

function toPrice({ rates, long, tier }: Row): UsdPrice {
  return {
    ...toRates(rates, long),
    ...(tier && { tiers: [{ above: tier.above, ...toRates(tier.rates, tier.long) }] }),
  };
}

function toRates([input, cacheRead, cacheWrite, output]: Row['rates'], long: Usd | undefined): UsdRates {
  return {
    input,
    ...(cacheRead !== null && { cacheRead }),
    ...(cacheWrite !== null && { cacheWrite }),
    ...(long !== undefined && { cacheWriteLong: long }),
    output,
  };
}
