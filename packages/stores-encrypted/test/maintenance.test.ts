import { type Clock, createMemoryStore, randomId, type Store } from '@loci/core';
import { backupStore, deleteInactive, restoreStore } from '@loci/core/maintenance';
import { createRedisStore } from '@loci/stores-redis';
import { createSqliteStore } from '@loci/stores-sqlite';
import { createTestClock } from '@loci/testing';
import { findProgram, startRedis, withServer } from '@loci/testing/servers';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { encrypted } from '../src/index.js';
import { canary, writeCanaries } from './canaries.js';
import { temporaryFile } from './temporary-file.js';
import { entries, newRing, oldRing, put, toArray } from './tools.js';

// Thousands of small steps, beside other work on the same machine.
vi.setConfig({ testTimeout: 30_000 });

const { server } = withServer({ it, beforeAll, afterAll }, 'redis-server', startRedis);
const hasRedis = findProgram('redis-server') !== undefined;

const sqlite = (clock: Clock) => createSqliteStore({ path: temporaryFile(), clock });
const redis = (clock: Clock) =>
  createRedisStore({ url: server().url, prefix: randomId(), clock, commandTimeoutMs: 1e9 });
const stores: readonly (readonly [name: string, create: (clock: Clock) => Store])[] = [
  ['SQLite', sqlite],
  ['encrypted(SQLite)', (clock) => encrypted(sqlite(clock), { keys: oldRing() })],
  ['Redis', redis],
  ['encrypted(Redis)', (clock) => encrypted(redis(clock), { keys: oldRing() })],
];

async function contentOf(store: Store): Promise<unknown> {
  const documents = [];
  for (const { key, expiresAt } of await toArray(store.documents.list([])))
    documents.push({ key, expiresAt, value: (await store.documents.get(key))?.value });
  const logs = [];
  for (const { key, expiresAt } of await toArray(store.logs.list([]))) {
    const read = await toArray(store.logs.read(key));
    logs.push({ key, expiresAt, entries: read.map(({ id, seq, body }) => ({ id, seq, body })) });
  }
  return { documents, logs };
}

describe.each(stores)('maintenance of %s', (name, create) => {
  const open = (clock: Clock) => {
    const store = create(clock);
    onTestFinished(async () => void (await store.close({ timeoutMs: 0 })));
    return store;
  };

  it('[A8] a backup restores the whole store, into another kind of store too', async ({ skip }) => {
    skip(!hasRedis && name.includes('Redis'), 'the program redis-server is not installed');
    const clock = createTestClock();
    const store = open(clock);
    await writeCanaries(store);
    for (let index = 0; index < 30; index++) await put(store, ['d', `${index}`], { index }, 'op');
    await store.logs.append(['l', 'long'], entries(1, 350), { ttlMs: 100_000 });
    const lines = await toArray(backupStore(store, { clock }));
    const content = await contentOf(store);
    for (const other of [createMemoryStore({ clock }), encrypted(sqlite(clock), { keys: newRing() })]) {
      await restoreStore(other, lines, { clock });
      expect(await contentOf(other)).toEqual(content);
    }
    const again = open(clock);
    await restoreStore(again, lines, { clock });
    expect(await contentOf(again)).toEqual(content);
    await expect(restoreStore(again, lines, { clock })).rejects.toMatchObject({
      code: 'RECORDS_EXIST',
      count: 34,
    });
    await restoreStore(again, lines, { clock, onExisting: 'replace' });
    expect(await contentOf(again)).toEqual(content);
    expect(await restoreStore(again, lines, { clock, onExisting: 'skip' })).toMatchObject({
      documents: 0,
      logs: 0,
    });
  });

  it('[A10] [G8] the clean-up loop of the documentation deletes what is inactive, and nothing else', async ({
    skip,
  }) => {
    skip(!hasRedis && name.includes('Redis'), 'the program redis-server is not installed');
    const clock = createTestClock();
    const store = open(clock);
    for (let index = 0; index < 130; index++) await put(store, ['sessions', `${index}`], index, 'op');
    for (const key of [['sessions', 'old'], ['sessions', 'live'], ['elsewhere']])
      await store.logs.append(key, entries(1, 2));
    const olderThanMs = 30 * 24 * 3600 * 1000;
    await clock.advance(olderThanMs);
    await put(store, ['sessions', '7'], 'active', 'op-2');
    await store.logs.append(['sessions', 'live'], entries(3, 3));
    const calls: number[] = [];
    for (let more = true; more; ) {
      const report = await deleteInactive(store, { prefix: ['sessions'], olderThanMs, clock });
      calls.push(report.documents.length + report.logs.length);
      expect(report.failed).toEqual([]);
      more = report.more;
    }
    expect(calls).toEqual([100, 30]);
    expect(await toArray(store.documents.list([]))).toMatchObject([{ key: ['sessions', '7'] }]);
    expect(await toArray(store.logs.list([]))).toMatchObject([
      { key: ['elsewhere'] },
      { key: ['sessions', 'live'] },
    ]);
  });
});

describe('a backup of an encrypted store', () => {
  it('[A8] of the store below is encrypted too, and is readable with the keys after a restore', async () => {
    const inner = createMemoryStore();
    await writeCanaries(encrypted(inner, { keys: oldRing() }));
    const lines = await toArray(backupStore(inner));
    expect(lines.join('')).not.toContain(canary);
    const restored = createMemoryStore();
    await restoreStore(restored, lines);
    const store = encrypted(restored, { keys: newRing() });
    expect((await store.documents.get(['d']))?.value).toEqual({ text: `again ${canary}` });
    expect(await toArray(store.logs.read(['l']))).toHaveLength(3);
  });

  it('[A8] names what was damaged or has no key, and the rest is restored', async () => {
    const inner = createMemoryStore();
    const store = encrypted(inner, { keys: oldRing() });
    await writeCanaries(store);
    await put(inner, ['damaged'], 'not an envelope', 'op');
    await put(encrypted(inner, { keys: newRing() }), ['later'], 'under k2', 'op');
    await inner.logs.rewrite(['l'], [{ id: 'e2', revision: 0, body: null }]);
    const restored = createMemoryStore();
    const { unreadable } = await restoreStore(restored, await toArray(backupStore(store)));
    expect(unreadable).toEqual([
      { kind: 'document', key: ['damaged'], code: 'DAMAGED_RECORD' },
      { kind: 'document', key: ['later'], code: 'KEY_MISSING' },
      { kind: 'log', key: ['l'], seq: 2, code: 'DAMAGED_RECORD' },
    ]);
    expect((await toArray(restored.logs.read(['l']))).map(({ id }) => id)).toEqual([
      'e1',
      'loci-lost-2',
      'e3',
    ]);
    expect((await restored.documents.get(['d']))?.value).toEqual({ text: `again ${canary}` });
  });
});
