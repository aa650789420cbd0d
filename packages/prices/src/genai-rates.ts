import { get } from './genai-model.js';
import type { UsdPrice, UsdRates } from './read-table.js';

const parts = {
  input: 'input_mtok',
  cacheRead: 'cache_read_mtok',
  cacheWrite: 'cache_write_mtok',
  cacheWriteLong: 'cache_write_1h_mtok',
  output: 'output_mtok',
} as const satisfies { readonly [part in keyof UsdRates]-?: string };

// The vendor's own tools, which cost beside the tokens and only where they are used.
const beside = ['web_searches_kcount', 'storage_searches_kcount'];

/** The library's prices of a model as ours; `undefined` where they have no input, no output or more than text. */
export function toUsdPrice(prices: unknown): UsdPrice | undefined {
  if (typeof prices !== 'object' || prices === null) return undefined;
  const known: readonly string[] = [...Object.values(parts), ...beside];
  if (Object.keys(prices).some((name) => !known.includes(name))) return undefined;
  const base = toRates(prices, 0);
  const bounds = Object.values(parts).flatMap((name) => tiersOf(get(prices, name)).map(({ start }) => start));
  const tiers = [...new Set(bounds)]
    .sort((a, b) => a - b)
    .flatMap((above) => {
      const rates = toRates(prices, above);
      return rates ? [{ above, ...rates }] : [];
    });
  return base && { ...base, ...(tiers.length > 0 && { tiers }) };
}

function toRates(prices: object, above: number): UsdRates | undefined {
  const rates = Object.fromEntries(
    Object.entries(parts).flatMap(([part, name]) => {
      const rate = rateAbove(get(prices, name), above);
      return rate === undefined ? [] : [[part, rate]];
    }),
  );
  const { input, output } = rates;
  return input === undefined || output === undefined ? undefined : { ...rates, input, output };
}

function rateAbove(price: unknown, above: number): number | undefined {
  if (typeof price === 'number') return price;
  const rate = tiersOf(price).findLast(({ start }) => start <= above)?.price ?? get(price, 'base');
  return typeof rate === 'number' ? rate : undefined;
}

function tiersOf(price: unknown): readonly { readonly start: number; readonly price: number }[] {
  const tiers = get(price, 'tiers');
  return (Array.isArray(tiers) ? tiers : [])
    .map((tier: unknown) => ({ start: Number(get(tier, 'start')), price: Number(get(tier, 'price')) }))
    .sort((a, b) => a.start - b.start);
}
