import { randomId } from '@loci/core';
import { createTestClock } from '@loci/testing';
import { expect } from 'vitest';
import { openClient, openStore } from './open-store.js';
import { postgresIt as it, sharedPostgres } from './start-postgres.js';
import { entries, keysOf, put, toArray } from './tools.js';

const postgres = sharedPostgres({ fsync: 'off' });
const any = (operationId: string, ttlMs: number) => ({ expect: 'any', operationId, ttlMs }) as const;

/** A store on a clock of its own, and the rows of a table of it. */
async function prepared() {
  const schema = randomId();
  const clock = createTestClock();
  const store = openStore(postgres(), { schema, clock, commandTimeoutMs: 1e9 });
  const bare = await openClient(postgres());
  const rows = async (table: string) =>
    Number((await bare.query(`select count(*) from "${schema}".${table}`)).rows[0].count);
  return { store, clock, rows };
}

it('[A10] what expired is gone for every reader at once, and deleted in bounded batches on the back of writes', async () => {
  const { store, clock, rows } = await prepared();
  const batch = Array.from({ length: 250 }, (_, index) =>
    store.documents.put(['d', `${index}`], 1, any('op', 10)),
  );
  await Promise.all(batch);
  await store.logs.append(['l'], entries(1, 500), { ttlMs: 10 });
  await put(store, ['kept'], 1, 'op');
  await clock.advance(10);
  expect(await keysOf(store.documents.list([]))).toEqual([['kept']]);
  expect(await toArray(store.logs.read(['l']))).toEqual([]);
  // A clock that is a little ahead must not delete what lives for others.
  expect(await rows('documents')).toBe(251);
  await clock.advance(60_000);
  const counts: number[] = [];
  const writeAndCount = async () => {
    await put(store, ['kept'], 1, `op-${counts.length}`);
    counts.push((await rows('documents')) + (await rows('entries')));
    return counts.at(-1);
  };
  await expect.poll(writeAndCount, { interval: 1, timeout: 10_000 }).toBe(1);
  const deleted = counts.map((count, index) => (counts[index - 1] ?? 751) - count);
  // One sweep deletes at most 200 documents and 200 entries; two may end between two looks.
  expect(Math.max(...deleted)).toBeLessThanOrEqual(800);
  expect([await rows('documents'), await rows('logs'), await rows('garbage')]).toEqual([1, 0, 0]);
});

it('[A10] a record that was renewed is not swept', async () => {
  const { store, clock, rows } = await prepared();
  await store.documents.put(['d'], 1, any('op', 10));
  await store.logs.append(['l'], entries(1, 1), { ttlMs: 10 });
  await store.documents.put(['d'], 2, any('op-2', 1e9));
  await store.logs.append(['l'], entries(2, 2), { ttlMs: 1e9 });
  await clock.advance(70_000);
  for (let write = 0; write < 60; write++) await put(store, ['other'], 1, `op-${write}`);
  await store.close();
  expect([await rows('documents'), await rows('entries')]).toEqual([2, 2]);
});

it('a log that is written anew before the sweep never shows what it held before', async () => {
  const { store, clock, rows } = await prepared();
  await store.logs.append(['l'], entries(1, 300), { ttlMs: 10 });
  await clock.advance(10);
  const anew = [{ id: 'e40', body: 'new' }];
  expect(await store.logs.append(['l'], anew)).toMatchObject({ firstSeq: 1, outcome: 'appended' });
  let writes = 0;
  const writeAndCount = async () => {
    await put(store, ['k'], 1, `op-${writes++}`);
    return rows('entries');
  };
  await expect.poll(writeAndCount, { interval: 1, timeout: 10_000 }).toBe(1);
  expect((await toArray(store.logs.read(['l']))).map((entry) => entry.body)).toEqual(['new']);
});
