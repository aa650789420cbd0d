import { DatabaseSync } from 'node:sqlite';
import { createTestClock } from '@loci/testing';
import { expect, it } from 'vitest';
import { keptChanges } from '../src/changes.js';
import { createSqliteStore } from '../src/index.js';
import { follow } from './follow.js';
import { startChild } from './start-child.js';
import { temporaryFile } from './temporary-file.js';
import { entries, expectCode, put } from './tools.js';

/** A store and its feed, followed from the start. */
async function watched(path: string, prefix: readonly string[] = []) {
  const clock = createTestClock();
  const store = createSqliteStore({ path, clock, pollIntervalMs: 500 });
  if (!store.feed) throw new Error('a store of this package has a feed');
  const { seen, done } = follow(store.feed, prefix, new AbortController().signal);
  await clock.advance(0);
  expect(seen).toEqual([{ type: 'resync' }]);
  return { clock, store, seen, done };
}

it('a write of this process wakes its feeds without waiting for the poll', async () => {
  const { clock, store, seen, done } = await watched(temporaryFile());
  await put(store, ['k'], 1, 'op');
  await clock.advance(0);
  expect(seen.slice(1)).toEqual([{ type: 'changed', target: 'document', key: ['k'] }]);
  await store.close();
  await done;
});

it('a write that comes while the last change is being handled is seen without waiting for the poll', async () => {
  const store = createSqliteStore({ path: temporaryFile(), clock: createTestClock() });
  const changes = store.feed?.watch([], { signal: new AbortController().signal })[Symbol.asyncIterator]();
  expect(await changes?.next()).toMatchObject({ value: { type: 'resync' } });
  for (const name of ['a', 'b']) {
    await put(store, [name], 1, 'op');
    expect(await changes?.next()).toMatchObject({ value: { type: 'changed', key: [name] } });
  }
  await store.close();
});

it('a write of another connection is seen at the next poll', async () => {
  const path = temporaryFile();
  const { clock, store, seen, done } = await watched(path, ['a']);
  const other = createSqliteStore({ path, clock });
  await other.logs.append(['a', 'b'], entries(1, 1));
  await other.logs.append(['b'], entries(1, 1));
  await clock.advance(499);
  expect(seen).toHaveLength(1);
  await clock.advance(1);
  expect(seen.slice(1)).toEqual([{ type: 'changed', target: 'log', key: ['a', 'b'] }]);
  await other.close();
  await store.close();
  await done;
});

it('[G1] [G6] a write of another process is seen at the next poll, once for many of the same key', async () => {
  const path = temporaryFile();
  const { clock, store, seen, done } = await watched(path);
  const child = startChild('worker.mjs', path, 'append', 'child', '20');
  expect(await child.line()).toBe('ready');
  child.tell('go');
  expect(await child.line()).toBe('done');
  await clock.advance(500);
  expect(seen.slice(1)).toEqual([{ type: 'changed', target: 'log', key: ['shared'] }]);
  await store.close();
  await done;
});

it('a feed that did not look for longer than changes are kept says resync', async () => {
  const path = temporaryFile();
  const { clock, store, seen, done } = await watched(path);
  await put(store, ['k'], 0, 'op');
  await clock.advance(0);
  expect(seen).toHaveLength(2);
  const raw = new DatabaseSync(path);
  const many = `with recursive n(i) as (select 1 union all select i + 1 from n where i <= ${keptChanges})
    insert into changes (target, key) select 'document', 'other/' from n`;
  raw.exec(many);
  raw.close();
  const other = createSqliteStore({ path });
  await put(other, ['k'], 1, 'op-2');
  await other.close();
  await clock.advance(500);
  expect(seen.slice(2)).toEqual([{ type: 'resync' }]);
  await put(store, ['k'], 2, 'op-3');
  await clock.advance(0);
  expect(seen.at(-1)).toEqual({ type: 'changed', target: 'document', key: ['k'] });
  await store.close();
  await done;
});

it('the table of changes stays bounded', async () => {
  const path = temporaryFile();
  const store = createSqliteStore({ path });
  await put(store, ['k'], 0, 'op');
  const raw = new DatabaseSync(path);
  const row = "insert into changes (seq, target, key) values (50000, 'document', 'k/')";
  raw.exec(row);
  await put(store, ['k'], 1, 'op-2');
  expect(raw.prepare('select min(seq) as oldest, max(seq) as newest from changes').get()).toEqual({
    oldest: 50_000,
    newest: 50_001,
  });
  raw.close();
  await store.close();
});

it('watching a closed store is refused, and so is a prefix that is not one', async () => {
  const store = createSqliteStore({ path: temporaryFile() });
  const { signal } = new AbortController();
  const next = async (prefix: readonly string[]) =>
    store.feed?.watch(prefix, { signal })[Symbol.asyncIterator]().next();
  await expectCode(next(['x'.repeat(513)]), 'INVALID_KEY');
  await store.close();
  await expectCode(next([]), 'STORE_CLOSED');
});
