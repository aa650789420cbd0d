import type { ChatModel } from '@loci/core';
import type { TokenRates } from '@loci/memory-compaction';
import { listedPrices, type Money } from '@loci/prices';
import { quotingModelId } from '@loci/testing';
import { isVendorName, vendors } from './vendors.js';

/** What costs are counted in, and how they are shown. */
export interface CostUnit {
  readonly rates: TokenRates | undefined;
  /** For a user, once. */
  readonly about: string;
  show(cost: number): string;
}

const perDollar = 1e12;

/** Dollars by the listed price of a model, or of the one that a stand-in stands in for; without one, tokens of input. */
export function costUnit({ provider, modelId }: Pick<ChatModel, 'provider' | 'modelId'>): CostUnit {
  const named =
    modelId === quotingModelId && isVendorName(provider) ? vendors[provider].defaultModel : modelId;
  const price = listedPrices.priceOf(provider, named);
  if (!price)
    return {
      rates: undefined,
      about: `No price of ${named} is known: costs are in tokens of input.`,
      show: (cost) => `${Math.round(cost)} input tokens`,
    };
  const { input, cacheRead = input, cacheWrite = input, output } = price;
  const dollars = (money: Money) => Number(money) / perDollar;
  return {
    rates: {
      input: dollars(input),
      cacheRead: dollars(cacheRead),
      cacheWrite: dollars(cacheWrite),
      output: dollars(output),
    },
    about: `Costs are those of ${named} at its listed price of ${price.asOf}.`,
    show: (cost) => `$${cost.toFixed(5)}`,
  };
}
