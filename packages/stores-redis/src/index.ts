export type { RedisClient, SubscribingClient } from './client.js';
export { createRedisStore, type RedisStoreOptions, type RedisTlsOptions } from './create-redis-store.js';
