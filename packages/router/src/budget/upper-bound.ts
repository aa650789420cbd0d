import { InvalidInputError } from '@loci/core';
import type { Money, Rates } from '@loci/prices';
import type { Estimate } from './budget.js';

/** What the call costs at the dearest that its input can be billed as; `null` where no rates are known. */
export function upperBound({ price, ...tokens }: Estimate, unknownPrice: Rates | null): Money | null {
  const input = toTokens(tokens.inputTokens, 'inputTokens');
  const output = toTokens(tokens.maxOutputTokens, 'maxOutputTokens');
  const rates = price?.tiers?.findLast(({ above }) => input > above) ?? price ?? unknownPrice;
  if (!rates) return null;
  let dearest = rates.input;
  for (const rate of [rates.cacheRead, rates.cacheWrite, rates.cacheWriteLong])
    if (rate !== undefined && rate > dearest) dearest = rate;
  return BigInt(input) * dearest + BigInt(output) * rates.output;
}

function toTokens(value: number, name: string): number {
  const tokens = Math.ceil(value);
  if (!Number.isSafeInteger(tokens) || tokens < 0)
    throw new InvalidInputError(`estimate.${name}`, 'is not a number of tokens');
  return tokens;
}
