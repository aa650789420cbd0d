import { existsSync, readFileSync, statSync } from 'node:fs';
import { expect, it } from 'vitest';
import { createSqliteStore } from '../src/index.js';
import { startChild } from './start-child.js';
import { temporaryFile } from './temporary-file.js';
import { entries, expectCode, put, toArray } from './tools.js';

/** The locks that this process holds on a file, as the kernel knows them. */
function locksOn(path: string): readonly string[] {
  const { ino } = statSync(path);
  const lines = readFileSync('/proc/locks', 'utf8').split('\n');
  return lines.filter((line) => line.includes(` ${process.pid} `) && line.includes(`:${ino} `));
}

it('a second store on the same file does not take the locks of the first with it', async ({ skip }) => {
  skip(!existsSync('/proc/locks'), 'only Linux shows who holds a lock');
  const path = temporaryFile();
  const first = createSqliteStore({ path });
  await put(first, ['k'], 1, 'op');
  expect(locksOn(path)).toHaveLength(1);
  const second = createSqliteStore({ path });
  await put(second, ['k'], 2, 'op-2');
  expect(locksOn(path)).toHaveLength(1);
  await second.close();
  expect(locksOn(path)).toHaveLength(1);
  await first.close();
  expect(locksOn(path)).toEqual([]);
});

it('a file that another program took out of write-ahead mode is put back', async () => {
  const path = temporaryFile();
  const first = createSqliteStore({ path });
  await put(first, ['k'], 1, 'op');
  await first.close();
  expect(await startChild('switch-mode.mjs', path).line()).toBe('delete');
  const second = createSqliteStore({ path });
  expect((await second.documents.get(['k']))?.value).toBe(1);
  expect(await startChild('switch-mode.mjs', path).line()).toBe('database is locked');
  await second.close();
});

it('a read keeps no more than a page of a large log in memory', async () => {
  const store = createSqliteStore({ path: temporaryFile() });
  const body = 'x'.repeat(1_000_000);
  for (let index = 0; index < 60; index++) await store.logs.append(['l'], [{ id: `e${index}`, body }]);
  const before = process.memoryUsage().heapUsed;
  let grown = 0;
  for await (const entry of store.logs.read(['l'])) {
    if (entry.seq === 1) grown = process.memoryUsage().heapUsed - before;
  }
  expect(grown).toBeLessThan(20_000_000);
  await store.close();
});

it('a rewrite counts as the last write of a log', async () => {
  let now = 1000;
  const clock = { now: () => now, after: () => () => {} };
  const store = createSqliteStore({ path: temporaryFile(), clock });
  await store.logs.append(['l'], entries(1, 1));
  now = 2000;
  await store.logs.rewrite(['l'], [{ id: 'e1', revision: 0, body: 'stub' }]);
  expect(await toArray(store.logs.list([]))).toEqual([{ key: ['l'], updatedAt: 2000 }]);
  await store.close();
});

it('a read and a listing that are under way are refused after close', async () => {
  const store = createSqliteStore({ path: temporaryFile() });
  await store.logs.append(['l'], entries(1, 1000));
  await store.logs.append(['m'], entries(1, 1));
  const reading = store.logs.read(['l'])[Symbol.asyncIterator]();
  const listing = store.logs.list([])[Symbol.asyncIterator]();
  await reading.next();
  await listing.next();
  await store.close();
  await expectCode(reading.next(), 'STORE_CLOSED');
  await expectCode(listing.next(), 'STORE_CLOSED');
});

it('closing refuses a time-out that is not one, and stays open', async () => {
  const store = createSqliteStore({ path: temporaryFile() });
  await expectCode(store.close({ timeoutMs: -1 }), 'INVALID_INPUT');
  await put(store, ['k'], 1, 'op');
  await store.close({ timeoutMs: 0 });
});
