export {
  type CacheEnds,
  type CacheRates,
  type CacheRules,
  type CacheVendor,
  cacheRules,
} from './cache/cache-rules.js';
export { type CacheBill, type CachedModel, cachedModel } from './cache/cached-model.js';
export {
  type CachedCall,
  createPrefixCache,
  type PrefixCache,
  type PrefixCacheOptions,
} from './cache/create-prefix-cache.js';
