import type { Store } from '@loci/core';
import { createTestClock } from '@loci/testing';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type MemoryChange, type MemoryEvent, openMemory } from '../src/index.js';
import { applyPatch } from './apply-patch.js';
import { losingAnswers, notingWrites, stores } from './stores.js';

const key = ['memory'];
const schema = z.object({ items: z.array(z.string()), count: z.number().max(5000) });
const initial = { items: [] as string[], count: 0 };
const open = (store: Store, more = {}) => openMemory({ schema, initial, store, key, ...more });
const memoryStore = () => stores[0]?.[1]() as Store;

describe.each(stores)('on %s', (_, createStore) => {
  it('[A9] 1,000 coalesced updates are a few writes, and none is lost', async () => {
    const noted = notingWrites(createStore());
    const clock = createTestClock();
    const memory = open(noted.store, { clock, coalesceMs: 100 });
    let acknowledged = 0;
    const updates: Promise<unknown>[] = [];
    for (let index = 0; index < 1000; index++) {
      updates.push(memory.update((draft) => void draft.count++).then(() => acknowledged++));
      if (index % 100 === 99) await clock.advance(50);
    }
    await memory.flush();
    await Promise.all(updates);
    expect(acknowledged).toBe(1000);
    expect((await open(noted.store).get()).count).toBe(1000);
    // 1,000 updates in 500 ms, 100 ms to each write, and the last.
    expect(noted.writes.length).toBeLessThanOrEqual(6);
    expect(await memory.statistics()).toMatchObject({ changes: 1000, writes: noted.writes.length });
  });

  it('[A9] an update that may wait is acknowledged when it is stored, and not before', async () => {
    const store = createStore();
    const clock = createTestClock();
    const memory = open(store, { clock });
    let isStored = false;
    const update = memory
      .update((draft) => draft.items.push('a'), { coalesceMs: 100 })
      .then(() => {
        isStored = true;
      });
    await clock.advance(99);
    expect([isStored, await memory.get()]).toEqual([false, initial]);
    await clock.advance(1);
    await update;
    expect(await open(store).get()).toEqual({ items: ['a'], count: 0 });
    expect(clock.pending()).toEqual([]);
  });

  it('[A9] where somebody else was faster, all recipes of the write run again on the new value', async () => {
    const store = createStore();
    const clock = createTestClock();
    const [mine, yours] = [open(store, { clock, coalesceMs: 10 }), open(store)];
    const seen: number[] = [];
    const updates = ['a', 'b'].map((item) =>
      mine.update(async (draft) => {
        seen.push(draft.count);
        if (seen.length === 1) await yours.update((other) => void other.count++);
        draft.items.push(item);
      }),
    );
    await clock.advance(500);
    const stored = { items: ['a', 'b'], count: 1 };
    expect(await Promise.all(updates)).toEqual([stored, stored]);
    expect(seen).toEqual([0, 0, 1, 1]);
    expect(await yours.get()).toEqual(stored);
  });
});

it('[A9] a recipe that throws, does not fit or is aborted does not spoil the others of its write', async () => {
  const noted = notingWrites(memoryStore());
  const clock = createTestClock();
  const memory = open(noted.store, { clock, coalesceMs: 10 });
  const failure = new Error('no');
  const stop = new AbortController();
  const settled = Promise.allSettled([
    memory.update((draft) => void draft.items.push('a')),
    memory.update((draft) => {
      draft.items.push('thrown');
      throw failure;
    }),
    memory.update((draft) => {
      draft.count = 9999;
    }),
    memory.update((draft) => void draft.items.push('aborted'), { signal: stop.signal }),
    memory.update(() => {}),
    memory.update((draft) => void draft.items.push('b')),
  ]);
  stop.abort(failure);
  await clock.advance(10);
  const stored = { items: ['a', 'b'], count: 0 };
  expect(await settled).toEqual([
    { status: 'fulfilled', value: stored },
    { status: 'rejected', reason: failure },
    { status: 'rejected', reason: expect.objectContaining({ code: 'INVALID_DATA' }) },
    { status: 'rejected', reason: failure },
    { status: 'fulfilled', value: stored },
    { status: 'fulfilled', value: stored },
  ]);
  expect(noted.writes).toHaveLength(1);
});

it('[A9] hooks hear of one change for each write, whose patch turns the old value into the new', async () => {
  const memory = open(memoryStore(), { coalesceMs: 10 });
  const changes: MemoryChange<z.infer<typeof schema>>[] = [];
  memory.onChange((change) => changes.push(change));
  const updates = [
    memory.update((draft) => void draft.items.push('a', 'b')),
    memory.update((draft) => void draft.items.shift()),
    memory.update((draft) => void draft.count++),
  ];
  await memory.flush();
  await Promise.all(updates);
  const [change] = changes;
  expect(changes).toHaveLength(1);
  expect(change).toMatchObject({ old: initial, new: { items: ['b'], count: 1 } });
  expect(applyPatch(change?.old as never, change?.patch ?? [])).toEqual(change?.new);
});

it('[A9] a thousand steps of one counter are one step of the patch', async () => {
  const memory = open(memoryStore(), { coalesceMs: 10 });
  const told: unknown[] = [];
  memory.onChange(({ patch }) => told.push(patch));
  const updates = Array.from({ length: 1000 }, () => memory.update((draft) => void draft.count++));
  await memory.flush();
  await Promise.all(updates);
  expect(told).toEqual([[{ op: 'replace', path: '/count', value: 1000 }]]);
});

it('[A9] updates that cancel each other out write nothing', async () => {
  const noted = notingWrites(memoryStore());
  const memory = open(noted.store, { coalesceMs: 10 });
  const updates = [
    memory.update((draft) => void draft.items.push('a')),
    memory.update((draft) => void draft.items.pop()),
  ];
  await memory.flush();
  expect(await Promise.all(updates)).toEqual([initial, initial]);
  expect(noted.writes).toEqual([]);
});

it('[A9] what is asked for after a waiting update is done after it, and sends it', async () => {
  const clock = createTestClock();
  const memory = open(memoryStore(), { clock });
  const push = (item: string, options = {}) => memory.update((draft) => void draft.items.push(item), options);
  const first = push('a', { coalesceMs: 1000 });
  expect(await push('b')).toEqual({ items: ['a', 'b'], count: 0 });
  await first;
  const second = push('c', { coalesceMs: 1000 });
  await memory.set({ items: ['set'], count: 1 });
  expect(await second).toEqual({ items: ['a', 'b', 'c'], count: 0 });
  const third = push('d', { coalesceMs: 1000 });
  const exported = await memory.exportMemory();
  await memory.importMemory(exported);
  expect(await third).toEqual({ items: ['set', 'd'], count: 1 });
  const fourth = push('e', { coalesceMs: 1000 });
  await memory.clear();
  expect(await fourth).toEqual({ items: ['set', 'e'], count: 1 });
  expect(await memory.get()).toEqual(initial);
  expect(clock.pending()).toEqual([]);
});

it('[A9] an update that may wait less makes the others go with it', async () => {
  const clock = createTestClock();
  const memory = open(memoryStore(), { clock });
  const updates = [1000, 10].map((coalesceMs) =>
    memory.update((draft) => void draft.count++, { coalesceMs }),
  );
  await clock.advance(10);
  expect((await Promise.all(updates)).map(({ count }) => count)).toEqual([2, 2]);
});

it('[A9] a write of several updates whose answer is lost is applied once', async () => {
  let lose = true;
  const store = memoryStore();
  const flaky = losingAnswers(store, () => {
    const now = lose;
    lose = false;
    return now;
  });
  const events: MemoryEvent['type'][] = [];
  const memory = open(flaky, { coalesceMs: 5, onEvent: (event: MemoryEvent) => events.push(event.type) });
  const updates = [1, 2, 3].map(() => memory.update((draft) => void draft.count++));
  await memory.flush();
  await Promise.all(updates);
  expect((await open(store).get()).count).toBe(3);
  expect(events).toEqual(['answer-lost', 'memory-saved']);
});

it('[A9] a store that fails rejects every update of the write', async () => {
  const failure = new Error('broken');
  const store = memoryStore();
  const broken = { ...store, documents: { ...store.documents, put: () => Promise.reject(failure) } };
  const memory = open(broken, { coalesceMs: 5 });
  const settled = Promise.allSettled([1, 2].map(() => memory.update((draft) => void draft.count++)));
  await memory.flush();
  expect(await settled).toEqual([1, 2].map(() => ({ status: 'rejected', reason: failure })));
});

it.each([-1, Number.NaN, '5'])('[A9] %s is no time to wait', async (coalesceMs) => {
  const error = { code: 'INVALID_INPUT', path: 'options.coalesceMs' };
  expect(() => open(memoryStore(), { coalesceMs })).toThrow(expect.objectContaining(error));
  const update = open(memoryStore()).update(() => {}, { coalesceMs: coalesceMs as number });
  await expect(update).rejects.toMatchObject(error);
});
