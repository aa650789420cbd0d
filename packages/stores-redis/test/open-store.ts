import { randomId, type Store } from '@loci/core';
import { createClient } from 'redis';
import { onTestFinished } from 'vitest';
import { createRedisStore, type RedisStoreOptions } from '../src/index.js';
import type { Redis } from './start-redis.js';

/** A store with a prefix of its own, closed after the test. */
export function openStore(redis: Redis, options: RedisStoreOptions = {}): Store {
  const address = options.client ? {} : { url: redis.url };
  const store = createRedisStore({ ...address, prefix: randomId(), ...options });
  // A server that was stopped answers nothing any more.
  onTestFinished(() => void store.close({ timeoutMs: 0 }));
  return store;
}

/** A bare client, to look behind a store. */
export async function openClient(redis: Redis, database = 0) {
  const client = createClient({ url: redis.url, database });
  client.on('error', () => {});
  await client.connect();
  onTestFinished(() => client.destroy());
  return client;
}
