import type { PriceSource } from './price.js';

/**
 * Several sources as one: the first that knows a model prices it, so put your own before the listed ones.
 *
 * @example
 * const prices = combinePrices(ownPrices, listedPrices);
 */
export function combinePrices(...sources: readonly PriceSource[]): PriceSource {
  return Object.freeze({
    priceOf(provider: string, modelId: string) {
      for (const source of sources) {
        const price = source.priceOf(provider, modelId);
        if (price) return price;
      }
      return null;
    },
  });
}
