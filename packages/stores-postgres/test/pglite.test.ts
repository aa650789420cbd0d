import { inspect } from 'node:util';
import { PGlite } from '@electric-sql/pglite';
import { type Clock, randomId } from '@loci/core';
import { storeConformance } from '@loci/testing/store';
import { threadConformance } from '@loci/testing/thread';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createPostgresStore } from '../src/index.js';
import { follow } from './follow.js';
import { put } from './tools.js';

let client: PGlite | undefined;

beforeAll(async () => {
  client = await PGlite.create();
}, 30_000);
afterAll(() => client?.close());

function shared(): PGlite {
  if (!client) throw new Error('PGlite has not started');
  return client;
}

const plugin = {
  name: 'stores-postgres on PGlite',
  create: ({ clock }: { readonly clock: Clock }) =>
    createPostgresStore({ client: shared(), schema: randomId(), clock, commandTimeoutMs: 1e9 }),
};

storeConformance({ describe, it }, plugin);
threadConformance({ describe, it }, plugin);

it('[G6] the feed of PGlite shows writes of other stores on the same PGlite', async () => {
  const options = { client: shared(), schema: randomId() };
  const [reader, writer] = [createPostgresStore(options), createPostgresStore(options)];
  if (!reader.feed) throw new Error('a store of this package has a feed');
  const controller = new AbortController();
  const { seen, done } = follow(reader.feed, [], controller.signal);
  await vi.waitFor(() => expect(seen).toEqual([{ type: 'resync' }]));
  await put(writer, ['k'], 1, 'op');
  await vi.waitFor(() => expect(seen.at(-1)).toEqual({ type: 'changed', target: 'document', key: ['k'] }));
  controller.abort();
  await done;
  for (const store of [reader, writer]) await store.close();
});

it('a PGlite is never closed, what it survives is stated, and no error shows what it keeps of a statement', async () => {
  const secret = 'SECRET-4711';
  const options = { client: shared(), schema: 'Mine' };
  const store = createPostgresStore(options);
  expect(store.supports.durability).toBe('memory');
  expect(createPostgresStore({ ...options, durability: 'process' }).supports.durability).toBe('process');
  await put(store, ['k'], { text: secret }, 'op');
  await shared().query('drop table "Mine".entries');
  const error = await store.logs
    .append(['l'], [{ id: secret, body: secret }])
    .catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code: 'STORE_UNAVAILABLE' });
  expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(secret);
  await store.close();
  expect(shared().closed).toBe(false);
});
