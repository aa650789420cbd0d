import { InvalidInputError } from '@loci/core';
import { readDecimal } from './decimal.js';
import type { Money, Price, Rates } from './price.js';

/** US dollars per million tokens, exactly as written: `'0.125'`, or the number 0.125. At most six decimals. */
export type Usd = string | number;

/** What the tokens of a model cost. A part that the vendor does not price is left out. */
export interface UsdRates {
  readonly input: Usd;
  readonly cacheRead?: Usd;
  readonly cacheWrite?: Usd;
  /** Of a cache entry with the vendor's longer lifetime. */
  readonly cacheWriteLong?: Usd;
  /** Reasoning included. */
  readonly output: Usd;
}

/** Rates that hold for a call with more input tokens in total than `above`, for all tokens of the call. */
export interface UsdTier extends UsdRates {
  readonly above: number;
}

export interface UsdPrice extends UsdRates {
  /** Ascending. */
  readonly tiers?: readonly UsdTier[];
}

const required = ['input', 'output'] as const;
const optional = ['cacheRead', 'cacheWrite', 'cacheWriteLong'] as const;

export function readModel(value: UsdPrice, path: string): Rates & Pick<Price, 'tiers'> {
  const rates = readRates(value, path, ['tiers']);
  if (value.tiers === undefined) return rates;
  if (!Array.isArray(value.tiers)) throw new InvalidInputError(`${path}.tiers`, 'is not a list');
  let bound = 0;
  const tiers = value.tiers.map((tier: UsdTier, index) => {
    const at = `${path}.tiers[${index}]`;
    const read = readRates(tier, at, ['above']);
    if (!Number.isSafeInteger(tier.above) || tier.above <= bound)
      throw new InvalidInputError(`${at}.above`, `is not a whole number of tokens above ${bound}`);
    bound = tier.above;
    return { above: bound, ...read };
  });
  return { ...rates, tiers };
}

export function readDay(value: unknown, path: string): string {
  const day = readText(value, path);
  const time = Date.parse(`${day}T00:00:00Z`);
  if (Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== day)
    throw new InvalidInputError(path, 'is not a day such as 2026-11-20');
  return day;
}

export function readText(value: unknown, path: string): string {
  if (typeof value !== 'string' || value === '') throw new InvalidInputError(path, 'is not a text');
  return value;
}

function readRates(value: UsdRates, path: string, others: readonly string[]): Rates {
  if (typeof value !== 'object' || value === null)
    throw new InvalidInputError(path, 'is not an object of prices');
  const known: readonly string[] = [...required, ...optional, ...others];
  // A misspelled part would be a price that is silently not known.
  const stray = Object.keys(value).find((name) => !known.includes(name));
  if (stray !== undefined)
    throw new InvalidInputError(`${path}.${stray}`, `is not one of ${known.join(', ')}`);
  const present = optional.filter((name) => value[name] !== undefined);
  return {
    input: readRate(value.input, `${path}.input`),
    ...Object.fromEntries(present.map((name) => [name, readRate(value[name], `${path}.${name}`)])),
    output: readRate(value.output, `${path}.output`),
  };
}

/** A millionth of a dollar per million tokens is one picodollar per token. */
function readRate(value: unknown, path: string): Money {
  const text = typeof value === 'number' ? String(value) : value;
  const rate = typeof text === 'string' ? readDecimal(text, 6) : undefined;
  if (rate === undefined || rate < 0n)
    throw new InvalidInputError(
      path,
      'is not a decimal number of dollars per million tokens with at most six decimals',
    );
  return rate;
}
