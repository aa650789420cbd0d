import { type Clock, randomId } from '@loci/core';
import { createRedisStore } from '@loci/stores-redis';
import { startRedis, withServer } from '@loci/testing/servers';
import { storeConformance } from '@loci/testing/store';
import { threadConformance } from '@loci/testing/thread';
import { afterAll, beforeAll, describe, it as test } from 'vitest';
import { encrypted } from '../src/index.js';
import { newRing } from './tools.js';

const { it, server } = withServer({ it: test, beforeAll, afterAll }, 'redis-server', startRedis);
const plugin = {
  name: 'encrypted(Redis)',
  create({ clock }: { readonly clock: Clock }) {
    // The clock of the kit runs far ahead of the server, which must not look like silence.
    const options = { url: server().url, prefix: randomId(), clock, commandTimeoutMs: 1e9 };
    return encrypted(createRedisStore(options), { keys: newRing() });
  },
};

storeConformance({ describe, it }, plugin);
threadConformance({ describe, it }, plugin);
