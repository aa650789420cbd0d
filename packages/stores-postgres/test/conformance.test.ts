import { type Clock, randomId } from '@loci/core';
import { type StoreWork, storeConformance, storeProcesses } from '@loci/testing/store';
import { threadConformance } from '@loci/testing/thread';
import { describe, expect } from 'vitest';
import { createPostgresStore } from '../src/index.js';
import { startChild } from './start-child.js';
import { postgresIt as it, sharedPostgres } from './start-postgres.js';

// Nothing here outlives the server.
const postgres = sharedPostgres({ fsync: 'off' });
const name = 'stores-postgres';
const plugin = {
  name,
  // The clock of the kit runs far ahead of the server, which must not look like silence.
  create: ({ clock }: { readonly clock: Clock }) =>
    createPostgresStore({ url: postgres().url, schema: randomId(), clock, commandTimeoutMs: 1e9 }),
};

storeConformance({ describe, it }, plugin);
threadConformance({ describe, it }, plugin);
storeProcesses(
  { describe, it },
  {
    name: `${name} [G3]`,
    create() {
      const options = { url: postgres().url, schema: randomId() };
      const start = async (work: StoreWork) => {
        const child = startChild('store-work.mjs', JSON.stringify(options), JSON.stringify(work));
        expect((await child.ended).code).toBe(0);
      };
      return { store: createPostgresStore(options), start };
    },
  },
);
