import { type Clock, randomId } from '@loci/core';
import { type StoreWork, storeConformance, storeProcesses } from '@loci/testing/store';
import { threadConformance } from '@loci/testing/thread';
import { describe, expect } from 'vitest';
import { createRedisStore } from '../src/index.js';
import { startChild } from './start-child.js';
import { redisIt as it, sharedRedis } from './start-redis.js';

const redis = sharedRedis();
const name = 'stores-redis';
const plugin = {
  name,
  // The clock of the kit runs far ahead of the server, which must not look like silence.
  create: ({ clock }: { readonly clock: Clock }) =>
    createRedisStore({ url: redis().url, prefix: randomId(), clock, commandTimeoutMs: 1e9 }),
};

storeConformance({ describe, it }, plugin);
threadConformance({ describe, it }, plugin);
storeProcesses(
  { describe, it },
  {
    name,
    create() {
      const options = { url: redis().url, prefix: randomId() };
      const start = async (work: StoreWork) => {
        const child = startChild('store-work.mjs', JSON.stringify(options), JSON.stringify(work));
        expect((await child.ended).code).toBe(0);
      };
      return { store: createRedisStore(options), start };
    },
  },
);
