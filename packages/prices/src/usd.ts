import { InvalidInputError } from '@loci/core';
import { readDecimal } from './decimal.js';
import type { Money } from './price.js';

const places = 12;

/**
 * Money as a decimal number of US dollars, exactly: the form for JSON, where no bigint can be.
 *
 * @example
 * formatUsd(1_250_000n); // '0.00000125'
 */
export function formatUsd(money: Money): string {
  const digits = String(money < 0n ? -money : money).padStart(places + 1, '0');
  const fraction = digits.slice(-places).replace(/0+$/, '');
  return `${money < 0n ? '-' : ''}${digits.slice(0, -places)}${fraction && `.${fraction}`}`;
}

/**
 * What `formatUsd` wrote, or any plain decimal number of US dollars with at most 12 decimals, such as `'2.50'`. Throws
 * `InvalidInputError` for anything else.
 */
export function parseUsd(text: string): Money {
  const money = typeof text === 'string' ? readDecimal(text, places) : undefined;
  if (money === undefined)
    throw new InvalidInputError('text', 'is not a plain decimal number of dollars with at most 12 decimals');
  return money;
}
