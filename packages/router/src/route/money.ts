import { InvalidInputError } from '@loci/core';
import { type Money, parseUsd } from '@loci/prices';

/** An option that is a decimal number of dollars. Throws `InvalidInputError` with its path. */
export function parseMoney(text: string, path: string): Money {
  let money: Money;
  try {
    money = parseUsd(text);
  } catch {
    throw new InvalidInputError(path, 'is not a plain decimal number of dollars, such as “0.05”');
  }
  if (money < 0n) throw new InvalidInputError(path, 'is less than nothing');
  return money;
}
