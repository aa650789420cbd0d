import { deepFreeze, InvalidInputError } from '@loci/core';
import type { Price, PriceSource } from './price.js';
import { readDay, readModel, readText, type UsdPrice } from './read-table.js';

/** Prices as people write them. */
export interface PriceTable {
  /** ISO day on which the prices were read, such as `2026-11-20`. */
  readonly asOf: string;
  /** Where they were read. */
  readonly source: string;
  /** By provider and exact model id. */
  readonly models: { readonly [provider: string]: { readonly [modelId: string]: UsdPrice } };
}

/**
 * A source of the prices in a table. An id is looked up as it is, by no prefix and no pattern. Throws `InvalidInputError`
 * with the path of a price that is none, is finer than a millionth of a dollar per million tokens, or has a misspelled part.
 *
 * @example
 * const own = priceTable({
 *   asOf: '2026-11-20',
 *   source: 'contract 17',
 *   models: { openai: { 'gpt-5.4': { input: '2.25', cacheRead: '0.225', output: '13.50' } } },
 * });
 */
export function priceTable(table: PriceTable): PriceSource {
  const asOf = readDay(table.asOf, 'table.asOf');
  const source = readText(table.source, 'table.source');
  const byProvider = new Map(
    entries(table.models, 'table.models').map(([provider, models]) => {
      const path = `table.models.${provider}`;
      const prices = entries(models, path).map(([modelId, price]): [string, Price] => [
        modelId,
        deepFreeze({ provider, modelId, asOf, source, ...readModel(price, `${path}.${modelId}`) }),
      ]);
      return [provider, new Map(prices)];
    }),
  );
  return Object.freeze({
    priceOf: (provider: string, modelId: string) => byProvider.get(provider)?.get(modelId) ?? null,
  });
}

function entries<T>(value: { readonly [name: string]: T }, path: string): [string, T][] {
  if (typeof value !== 'object' || value === null)
    throw new InvalidInputError(path, 'is not an object of prices by id');
  return Object.entries(value);
}
