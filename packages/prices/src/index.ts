export { combinePrices } from './combine-prices.js';
export { type Cost, costOf } from './cost-of.js';
export type { GenaiModel } from './genai-model.js';
export { type GenaiPricesLibrary, type GenaiPricesOptions, genaiPrices } from './genai-prices.js';
export { listedPrices } from './listed/listed-prices.js';
export type { Money, Price, PriceSource, Rates } from './price.js';
export { type PriceTable, priceTable } from './price-table.js';
export type { Usd, UsdPrice, UsdRates, UsdTier } from './read-table.js';
export { formatUsd, parseUsd } from './usd.js';
