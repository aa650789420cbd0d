import { type Clock, createMemoryStore, randomId, type Store } from '@loci/core';
import { createPostgresStore } from '@loci/stores-postgres';
import { createRedisStore } from '@loci/stores-redis';
import { startPostgres, withServer } from '@loci/testing/servers';
import { storeConformance } from '@loci/testing/store';
import { threadConformance } from '@loci/testing/thread';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { offline } from '../src/index.js';
import { sharedRedis } from './start-redis.js';

const redis = sharedRedis();
// Nothing here outlives the server.
const postgres = withServer({ it, beforeAll, afterAll }, 'postgres', () =>
  startPostgres({ settings: { fsync: 'off' } }),
);

/** The clock of the kit runs far ahead of the server, which must not look like silence. */
const patient = 1e9;

interface Context {
  readonly clock: Clock;
  readonly onEnd: (run: () => Promise<void>) => void;
}

function over(server: Store, { clock, onEnd }: Context): Store {
  onEnd(async () => void (await server.close({ timeoutMs: 0 })));
  return offline(server, { journal: createMemoryStore({ clock }), clock, deadlineMs: patient });
}

const onRedis = {
  name: 'offline(redis)',
  create: (context: Context) =>
    over(
      createRedisStore({
        url: redis.server().url,
        prefix: randomId(),
        clock: context.clock,
        commandTimeoutMs: patient,
      }),
      context,
    ),
};
const onPostgres = {
  name: 'offline(postgres)',
  create: (context: Context) =>
    over(
      createPostgresStore({
        url: postgres.server().url,
        schema: randomId(),
        clock: context.clock,
        commandTimeoutMs: patient,
      }),
      context,
    ),
};

storeConformance({ describe, it: redis.it }, onRedis);
threadConformance({ describe, it: redis.it }, onRedis);
storeConformance({ describe, it: postgres.it }, onPostgres);
threadConformance({ describe, it: postgres.it }, onPostgres);
