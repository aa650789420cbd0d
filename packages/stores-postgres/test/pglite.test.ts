import { PGlite } from '@electric-sql/pglite';
import { type Clock, randomId } from '@loci/core';
import { storeConformance } from '@loci/testing/store';
import { threadConformance } from '@loci/testing/thread';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { createPostgresStore } from '../src/index.js';

let client: PGlite | undefined;

beforeAll(async () => {
  client = await PGlite.create();
}, 30_000);
afterAll(() => client?.close());

const plugin = {
  name: 'stores-postgres on PGlite',
  create: ({ clock }: { readonly clock: Clock }) => {
    if (!client) throw new Error('PGlite has not started');
    return createPostgresStore({ client, schema: randomId(), clock, commandTimeoutMs: 1e9 });
  },
};

storeConformance({ describe, it }, plugin);
threadConformance({ describe, it }, plugin);
