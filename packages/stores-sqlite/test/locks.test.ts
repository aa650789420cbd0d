import { DatabaseSync } from 'node:sqlite';
import { systemClock } from '@loci/core';
import { createTestClock } from '@loci/testing';
import { expect, it } from 'vitest';
import { createSqliteStore } from '../src/index.js';
import { startChild } from './start-child.js';
import { temporaryFile } from './temporary-file.js';
import { entries, expectCode, put, toArray } from './tools.js';

/** A file with a store in it whose lock another connection holds. */
async function lockedFile() {
  const path = temporaryFile();
  const first = createSqliteStore({ path });
  await put(first, ['there'], 1, 'op');
  await first.close();
  const holder = new DatabaseSync(path);
  holder.exec('begin immediate');
  return { path, holder };
}

it('an append waits while another process holds the lock, and then succeeds', async () => {
  const path = temporaryFile();
  let waiting = () => {};
  const hasWaited = new Promise<void>((resolve) => {
    waiting = resolve;
  });
  const after = (ms: number, run: () => void) => {
    waiting();
    return systemClock.after(ms, run);
  };
  const store = createSqliteStore({ path, clock: { now: systemClock.now, after } });
  await put(store, ['opened'], 1, 'op');
  const holder = startChild('lock-holder.mjs', path);
  expect(await holder.line()).toBe('held');
  const appended = store.logs.append(['log'], entries(1, 2));
  await hasWaited;
  expect(await store.logs.head(['log'])).toBeUndefined();
  holder.tell('release');
  expect(await appended).toMatchObject({ firstSeq: 1, lastSeq: 2, outcome: 'appended' });
  expect(await holder.line()).toBe('released');
  await store.close();
});

it('opening a new file waits while another process holds its lock', async () => {
  const path = temporaryFile();
  const holder = new DatabaseSync(path);
  holder.exec('begin exclusive');
  const clock = createTestClock();
  const store = createSqliteStore({ path, clock });
  const written = put(store, ['k'], 1, 'op');
  await clock.advance(500);
  holder.exec('rollback');
  holder.close();
  await clock.advance(500);
  expect(await written).toMatchObject({ replayed: false });
  await store.close();
});

it('rejects with StoreUnavailableError when the lock is held longer than the limit', async () => {
  const { path, holder } = await lockedFile();
  const clock = createTestClock();
  const store = createSqliteStore({ path, clock, busyTimeoutMs: 400 });
  const appended = store.logs.append(['log'], entries(1, 1));
  const outcome = expectCode(appended, 'STORE_UNAVAILABLE');
  await clock.advance(399);
  let settled = false;
  void outcome.then(() => {
    settled = true;
  });
  await clock.advance(0);
  expect(settled).toBe(false);
  await clock.advance(1);
  await outcome;
  holder.exec('rollback');
  holder.close();
  expect(await store.logs.append(['log'], entries(1, 1))).toMatchObject({ outcome: 'appended' });
  await store.close();
});

it('reads while another process holds the lock', async () => {
  const { path, holder } = await lockedFile();
  const store = createSqliteStore({ path, clock: createTestClock() });
  expect((await store.documents.get(['there']))?.value).toBe(1);
  holder.close();
  await store.close();
});

it('ends the waiting with the reason of the signal, and what was given up is not written later', async () => {
  const { path, holder } = await lockedFile();
  const clock = createTestClock();
  const store = createSqliteStore({ path, clock });
  const stop = new AbortController();
  const reason = new Error('given up');
  const first = store.logs.append(['log'], entries(1, 1), { signal: stop.signal });
  const queued = store.logs.append(['log'], entries(2, 2), { signal: stop.signal });
  const kept = store.logs.append(['log'], entries(3, 3));
  const outcomes = Promise.all([expect(first).rejects.toBe(reason), expect(queued).rejects.toBe(reason)]);
  await clock.advance(100);
  stop.abort(reason);
  await outcomes;
  holder.exec('rollback');
  holder.close();
  await clock.advance(100);
  await kept;
  expect((await toArray(store.logs.read(['log']))).map((entry) => entry.id)).toEqual(['e3']);
  await store.close();
});

it('writes in the order of the calls after a lock', async () => {
  const { path, holder } = await lockedFile();
  const clock = createTestClock();
  const store = createSqliteStore({ path, clock });
  const appends = Array.from({ length: 10 }, (_, index) => store.logs.append(['log'], entries(index, index)));
  await clock.advance(100);
  holder.exec('rollback');
  holder.close();
  await clock.advance(100);
  expect((await Promise.all(appends)).map((receipt) => receipt.firstSeq)).toEqual([
    1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
  ]);
  await store.close();
});

it('close waits for writes under way and reports those that it gave up', async () => {
  const { path, holder } = await lockedFile();
  const clock = createTestClock();
  const store = createSqliteStore({ path, clock });
  const appended = expectCode(store.logs.append(['log'], entries(1, 2)), 'STORE_CLOSED');
  const written = expectCode(put(store, ['k'], 1, 'op-1'), 'STORE_CLOSED');
  const closed = store.close({ timeoutMs: 100 });
  await clock.advance(100);
  const report = await closed;
  expect(report.unsaved.map(({ key, operationId }) => [...key, operationId])).toEqual([
    ['log', 'e1'],
    ['log', 'e2'],
    ['k', 'op-1'],
  ]);
  await appended;
  await written;
  holder.close();

  const other = createSqliteStore({ path });
  const late = other.logs.append(['log'], entries(1, 2));
  expect(await other.close()).toEqual({ unsaved: [] });
  expect(await late).toMatchObject({ outcome: 'appended' });
});
