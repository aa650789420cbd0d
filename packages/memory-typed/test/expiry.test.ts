import { createMemoryStore, type Store, StoreUnavailableError } from '@loci/core';
import { createSqliteStore } from '@loci/stores-sqlite';
import { createTestClock } from '@loci/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { type MemoryEvent, openMemory } from '../src/index.js';
import { notingWrites, stores } from './stores.js';
import { temporaryFile } from './temporary-file.js';

const key = ['memory'];
const open = (store: Store, more = {}) =>
  openMemory({ schema: z.array(z.string()), initial: ['first'], store, key, ...more });

const timed: readonly (readonly [string, (clock: ReturnType<typeof createTestClock>) => Store])[] = [
  ['the in-memory store', (clock) => createMemoryStore({ clock })],
  [
    'SQLite',
    (clock) => {
      const store = createSqliteStore({ path: temporaryFile(), clock });
      onTestFinished(async () => void (await store.close()));
      return store;
    },
  ],
];

it.each(timed)('[A10] on %s a memory is forgotten ttlMs after its newest change', async (_, createStore) => {
  const clock = createTestClock();
  const memory = open(createStore(clock), { clock, ttlMs: 1000 });
  await memory.set(['a']);
  await clock.advance(900);
  await memory.update((draft) => void draft.push('b'));
  await clock.advance(900);
  expect(await memory.get()).toEqual(['a', 'b']);
  await clock.advance(200);
  expect(await memory.get()).toEqual(['first']);
  await memory.update((draft) => void draft.push('c'));
  expect(await memory.get()).toEqual(['first', 'c']);
});

it('[A10] without ttlMs nothing is forgotten', async () => {
  const clock = createTestClock();
  const memory = open(createMemoryStore({ clock }), { clock });
  await memory.set(['a']);
  await clock.advance(1e12);
  expect(await memory.get()).toEqual(['a']);
});

it.each([0, -1, 1.5, '1'])('[A10] %s is no time to live', (ttlMs) => {
  const error = expect.objectContaining({ code: 'INVALID_INPUT', path: 'options.ttlMs' });
  expect(() => open(createMemoryStore(), { ttlMs })).toThrow(error);
});

describe.each(stores)('on %s', (_, createStore) => {
  it('[A10] clear deletes what is stored and tells the hooks, once', async () => {
    const store = createStore();
    const events: MemoryEvent['type'][] = [];
    const memory = open(store, { onEvent: (event: MemoryEvent) => events.push(event.type) });
    const heard: unknown[] = [];
    memory.onChange((change) => heard.push(change));
    await memory.set(['a']);
    await memory.clear();
    await memory.clear();
    expect(await store.documents.get(key)).toBeUndefined();
    expect(await memory.get()).toEqual(['first']);
    const whole = { op: 'replace', path: '', value: ['first'] };
    expect(heard.slice(1)).toEqual([{ old: ['a'], new: ['first'], patch: [whole] }]);
    expect(events).toEqual(['memory-saved', 'memory-cleared']);
    expect(await memory.exportMemory()).toMatchObject({ createdAt: null });
  });

  it('[A10] clear deletes also what somebody wrote meanwhile, and repeats what was not answered', async () => {
    const store = createStore();
    const other = open(store);
    await other.set(['a']);
    const events: MemoryEvent['type'][] = [];
    let calls = 0;
    const flaky: Store = {
      ...store,
      documents: {
        ...store.documents,
        async delete(...args) {
          calls++;
          if (calls === 1) await other.update((draft) => void draft.push('b'));
          if (calls === 2) throw new StoreUnavailableError('no connection');
          const result = await store.documents.delete(...args);
          if (calls === 3) throw new StoreUnavailableError('the answer was lost');
          return result;
        },
      },
    };
    const memory = open(flaky, { onEvent: (event: MemoryEvent) => events.push(event.type) });
    const heard: unknown[] = [];
    memory.onChange((change) => heard.push(change.old));
    await memory.clear();
    expect(await store.documents.get(key)).toBeUndefined();
    expect(heard).toEqual([['a', 'b']]);
    expect(events).toEqual(['write-conflicted', 'answer-lost', 'answer-lost', 'memory-cleared']);
  });
});

it('[A10] clear deletes nothing that the memory cannot read', async () => {
  const noted = notingWrites(createMemoryStore());
  await noted.store.documents.put(key, 'damaged', { expect: 'any', operationId: 'damage' });
  await expect(open(noted.store).clear()).rejects.toMatchObject({ code: 'DAMAGED_RECORD', key });
  expect((await noted.store.documents.get(key))?.value).toBe('damaged');
});
