import { createMemoryStore, type Store, StoreUnavailableError } from '@loci/core';
import { createTestClock } from '@loci/testing';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type MemoryChange, openMemory } from '../src/index.js';
import { applyPatch } from './apply-patch.js';
import { stores } from './stores.js';

const key = ['memory'];
const schema = z.object({ items: z.array(z.string()), count: z.number() });
type Value = z.infer<typeof schema>;
const initial: Value = { items: [], count: 0 };
const open = (store: Store, more = {}) => openMemory({ schema, initial, store, key, ...more });

/** What is told, and how it ends. */
function follow(changes: AsyncIterable<MemoryChange<Value>>) {
  const heard: MemoryChange<Value>[] = [];
  const ended = (async () => {
    for await (const change of changes) heard.push(change);
    return 'ended';
  })().catch((error: unknown) => error);
  return { heard, ended };
}

describe.each(stores)('on %s', (_, createStore) => {
  it('[G6] changes through another object are told, with old value, new value and patch', async () => {
    const store = createStore();
    const [mine, yours] = [open(store), open(store)];
    await mine.set({ items: ['a'], count: 1 });
    const stop = new AbortController();
    const { heard, ended } = follow(mine.watch({ signal: stop.signal, from: initial }));
    await expect.poll(() => heard.length).toBe(1);
    await yours.update((draft) => void draft.items.push('b'));
    await expect.poll(() => heard.length).toBe(2);
    await yours.clear();
    await expect.poll(() => heard.length).toBe(3);
    stop.abort();
    expect(await ended).toBe('ended');
    expect(heard.map(({ old, new: now }) => [old, now])).toEqual([
      [initial, { items: ['a'], count: 1 }],
      [
        { items: ['a'], count: 1 },
        { items: ['a', 'b'], count: 1 },
      ],
      [{ items: ['a', 'b'], count: 1 }, initial],
    ]);
    expect(heard[1]?.patch).toEqual([{ op: 'add', path: '/items/1', value: 'b' }]);
    for (const change of heard) {
      expect(applyPatch(change.old as never, change.patch)).toEqual(change.new);
      for (const part of [change, change.old, change.new, change.patch])
        expect(Object.isFrozen(part)).toBe(true);
    }
  });

  it('[G6] what others store below or beside the key, or without changing the value, is not told', async () => {
    const store = createStore();
    const memory = open(store);
    await memory.set(initial);
    const stop = new AbortController();
    const { heard, ended } = follow(memory.watch({ signal: stop.signal, from: initial }));
    await openMemory({ schema, initial, store, key: [...key, 'below'] }).set({ items: ['below'], count: 1 });
    await openMemory({ schema, initial, store, key: ['memory2'] }).set({ items: ['beside'], count: 1 });
    await store.logs.append(key, [{ id: 'a', body: 1 }]);
    const record = (await store.documents.get(key))?.value ?? null;
    await store.documents.put(key, record, { expect: 'any', operationId: 'same' });
    await memory.set({ items: [], count: 7 });
    await expect.poll(() => heard.length).toBeGreaterThan(0);
    stop.abort();
    await ended;
    expect(heard.map(({ new: now }) => now.count)).toEqual([7]);
  });

  it('[G6] a record that cannot be read ends the watching with its error', async () => {
    const store = createStore();
    const memory = open(store);
    const { heard, ended } = follow(memory.watch({ signal: new AbortController().signal, from: initial }));
    await memory.set({ items: [], count: 1 });
    await expect.poll(() => heard.length).toBe(1);
    await store.documents.put(key, 'damaged', { expect: 'any', operationId: 'damage' });
    expect(await ended).toMatchObject({ code: 'DAMAGED_RECORD', key });
  });
});

it('[G6] where the store has no feed it is looked at every pollMs', async () => {
  const { feed: _, ...store } = createMemoryStore();
  const clock = createTestClock();
  const [mine, yours] = [open(store, { clock }), open(store)];
  const stop = new AbortController();
  expect(() => mine.watch({ signal: stop.signal })).toThrow(
    expect.objectContaining({ code: 'INVALID_INPUT', path: 'options.pollMs' }),
  );
  const { heard, ended } = follow(mine.watch({ signal: stop.signal, pollMs: 1000 }));
  await clock.advance(0);
  await yours.update((draft) => void draft.count++);
  await clock.advance(999);
  expect(heard).toEqual([]);
  await clock.advance(1);
  expect(heard.map(({ new: now }) => now.count)).toEqual([1]);
  stop.abort();
  expect(await ended).toBe('ended');
  expect(clock.pending()).toEqual([]);
});

it('[G6] a hint whose reading fails is read again until the store answers', async () => {
  const store = createMemoryStore();
  const clock = createTestClock();
  let isAway = false;
  let tries = 0;
  const flaky: Store = {
    ...store,
    documents: {
      ...store.documents,
      async get(...args) {
        if (isAway && ++tries < 5) throw new StoreUnavailableError('no connection');
        return store.documents.get(...args);
      },
    },
  };
  const stop = new AbortController();
  const { heard, ended } = follow(open(flaky, { clock }).watch({ signal: stop.signal }));
  await clock.advance(0);
  isAway = true;
  await open(store).update((draft) => void draft.count++);
  await clock.advance(1000);
  expect([tries, heard.map(({ new: now }) => now.count)]).toEqual([5, [1]]);
  stop.abort();
  expect(await ended).toBe('ended');
});

it('[G6] many quick changes may be told as one, and the last is always told', async () => {
  const store = createMemoryStore();
  const [mine, yours] = [open(store), open(store)];
  const stop = new AbortController();
  const { heard, ended } = follow(mine.watch({ signal: stop.signal }));
  await mine.get();
  for (let index = 0; index < 200; index++) await yours.update((draft) => void draft.count++);
  await expect.poll(() => heard.at(-1)?.new.count).toBe(200);
  for (const [index, change] of heard.entries())
    if (index > 0) expect(change.old).toEqual(heard[index - 1]?.new);
  stop.abort();
  await ended;
});

it('[G6] it ends when the store is closed', async () => {
  const store = createMemoryStore();
  const memory = open(store);
  const { heard, ended } = follow(
    memory.watch({ signal: new AbortController().signal, from: { items: [], count: 9 } }),
  );
  await expect.poll(() => heard.length).toBe(1);
  await store.close();
  expect(await ended).toBe('ended');
});

it('options of watch that cannot be used are refused at once', () => {
  const memory = open(createMemoryStore());
  const { signal } = new AbortController();
  const refused = (path: string) => expect.objectContaining({ code: 'INVALID_INPUT', path });
  expect(() => memory.watch({} as never)).toThrow(refused('options.signal'));
  expect(() => memory.watch({ signal, pollMs: -1 })).toThrow(refused('options.pollMs'));
  expect(() => memory.watch({ signal, from: new Date(0) as never })).toThrow(refused('options.from'));
});
