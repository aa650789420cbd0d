import { type Clock, deepFreeze, systemClock } from '@loci/core';
import { findActivePrices, type GenaiModel, idsOf } from './genai-model.js';
import { toUsdPrice } from './genai-rates.js';
import type { Price, PriceSource } from './price.js';
import { readDay, readModel } from './read-table.js';

/** What is called of `@pydantic/genai-prices`; pass the module itself. */
export interface GenaiPricesLibrary {
  findProvider(options: {
    readonly providerId: string;
  }): { readonly models: readonly GenaiModel[] } | undefined;
}

export interface GenaiPricesOptions {
  /** ISO day of the library's data; it states none itself. */
  readonly asOf: string;
  /** @default 'genai-prices' */
  readonly source?: string;
  /** Decides which of several dated prices holds. @default the system's */
  readonly clock?: Clock;
}

/**
 * The prices of `@pydantic/genai-prices`, a collection of many vendors. Ids are exact: a name that the library only
 * matches by its beginning or by a pattern, such as that of a model it does not know, is `null` here. So is a model whose
 * price has parts that a text call's usage cannot tell apart (audio, pictures, pages), and one that changes by the hour.
 * Throws `InvalidInputError` for an `asOf` that is no day.
 *
 * @example
 * import * as library from '@pydantic/genai-prices';
 * const prices = combinePrices(listedPrices, genaiPrices(library, { asOf: '2026-09-23' }));
 */
export function genaiPrices(library: GenaiPricesLibrary, options: GenaiPricesOptions): PriceSource {
  const { source = 'genai-prices', clock = systemClock } = options;
  const asOf = readDay(options.asOf, 'options.asOf');
  const indexes = new Map<string, Index>();

  function findModel(provider: string, modelId: string): GenaiModel | undefined {
    const models = library.findProvider({ providerId: provider })?.models;
    if (!models) return undefined;
    let index = indexes.get(provider);
    // The library can be given newer data while it runs.
    if (index?.models !== models) {
      index = { models, byId: new Map(models.flatMap((model) => idsOf(model).map((id) => [id, model]))) };
      indexes.set(provider, index);
    }
    return index.byId.get(modelId);
  }

  return Object.freeze({
    priceOf(provider: string, modelId: string): Price | null {
      const model = findModel(provider, modelId);
      const price = model && toUsdPrice(findActivePrices(model, clock.now()));
      if (!price) return null;
      const path = `genai-prices.${provider}.${modelId}`;
      return deepFreeze({ provider, modelId, asOf, source, ...readModel(price, path) });
    },
  });
}

interface Index {
  readonly models: readonly GenaiModel[];
  readonly byId: ReadonlyMap<string, GenaiModel>;
}
