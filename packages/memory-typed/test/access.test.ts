import { type Store, systemClock } from '@loci/core';
import { createTestClock } from '@loci/testing';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openMemory, replaceWith } from '../src/index.js';
import { notingWrites, stores, withPut } from './stores.js';

const key = ['memory'];
const schema = z.object({ items: z.array(z.string()), count: z.number() });
const initial = { items: [] as string[], count: 0 };
const open = (store: Store, more = {}) => openMemory({ schema, initial, store, key, ...more });

describe.each(stores)('on %s', (_, createStore) => {
  it('[A2] get answers the initial value while nothing is stored, and stores nothing', async () => {
    const noted = notingWrites(createStore());
    const memory = open(noted.store);
    expect(await memory.get()).toEqual(initial);
    expect(await noted.store.documents.get(key)).toBeUndefined();
    expect(noted.writes).toEqual([]);
  });

  it('[A2] get answers a snapshot that is frozen all the way down and that later changes do not reach', async () => {
    const memory = open(createStore());
    const given = { items: ['a'], count: 1 };
    const first = await memory.set(given);
    expect(() => (first.items as string[]).push('b')).toThrow(TypeError);
    expect(() => Object.assign(first, { count: 2 })).toThrow(TypeError);
    await memory.update((draft) => draft.items.push('b'));
    expect(first).toEqual({ items: ['a'], count: 1 });
    given.items.push('mine');
    expect(await memory.get()).toEqual({ items: ['a', 'b'], count: 1 });
  });

  it('[A2] get answers what others stored meanwhile', async () => {
    const store = createStore();
    const [mine, yours] = [open(store), open(store)];
    await mine.set({ items: ['mine'], count: 1 });
    expect(await yours.get()).toEqual({ items: ['mine'], count: 1 });
    await yours.update((draft) => draft.items.push('yours'));
    expect(await mine.get()).toEqual({ items: ['mine', 'yours'], count: 1 });
  });

  it('[A2] updates at the same time are all there, through one object and through several', async () => {
    const store = createStore();
    const memories = [open(store), open(store), open(store)];
    const steps = Array.from({ length: 60 }, (_, index) =>
      memories[index % 3]?.update(async (draft) => {
        await Promise.resolve();
        draft.count += 1;
        draft.items.push(`${index}`);
      }),
    );
    await Promise.all(steps);
    const { count, items } = await open(store).get();
    expect(count).toBe(60);
    expect(new Set(items).size).toBe(60);
  });

  it('[A2] updates through one object follow one another, so their recipes run once each', async () => {
    const memory = open(createStore());
    let runs = 0;
    const order = Array.from({ length: 20 }, (_, index) =>
      memory.update((draft) => {
        runs++;
        draft.items.push(`${index}`);
      }),
    );
    await Promise.all(order);
    expect(runs).toBe(20);
    expect((await memory.get()).items).toEqual(Array.from({ length: 20 }, (_, index) => `${index}`));
  });

  it('[A2] a recipe whose state was changed under it runs again on the new one', async () => {
    const store = createStore();
    const [mine, yours] = [open(store), open(store)];
    const seen: number[] = [];
    const result = await mine.update(async (draft) => {
      seen.push(draft.count);
      if (seen.length === 1) await yours.update((other) => void other.items.push('yours'));
      if (seen.length === 2) await yours.set({ items: ['fresh'], count: 10 });
      draft.count += 1;
    });
    expect(seen).toEqual([0, 0, 10]);
    expect(result).toEqual({ items: ['fresh'], count: 11 });
  });

  it('[A2] a recipe that throws changes nothing, and the next one runs', async () => {
    const noted = notingWrites(createStore());
    const memory = open(noted.store);
    const failure = new Error('no');
    const sync = memory.update((draft) => {
      draft.count = 5;
      throw failure;
    });
    await expect(sync).rejects.toBe(failure);
    const late = memory.update(async (draft) => {
      draft.count = 6;
      await Promise.reject(failure);
    });
    await expect(late).rejects.toBe(failure);
    expect(noted.writes).toEqual([]);
    expect((await memory.update((draft) => void draft.count++)).count).toBe(1);
  });

  it('[A2] a change that changes nothing writes nothing', async () => {
    const noted = notingWrites(createStore());
    const memory = open(noted.store);
    const noChange = async () => {
      await memory.update(() => {});
      await memory.update((draft) => draft.items.length);
      await memory.update((draft) => {
        draft.items.push('x');
        draft.items.pop();
      });
      await memory.update((draft) => replaceWith({ ...draft }));
    };
    await noChange();
    expect(noted.writes).toHaveLength(0);
    await memory.set(initial);
    expect(noted.writes).toHaveLength(1);
    await noChange();
    await memory.set({ count: 0, items: [] });
    expect(noted.writes).toHaveLength(1);
  });

  it('[A2] names of properties are data', async () => {
    const memory = openMemory({ schema: z.json(), initial: {}, store: createStore(), key });
    const value = JSON.parse('{"__proto__":{"polluted":1},"a/b":{"~":[1]},"":0,"toString":"x"}');
    await memory.set(value);
    await memory.update((draft) => {
      ((draft as { 'a/b': { '~': number[] } })['a/b']['~'] as number[]).push(2);
    });
    const stored = (await memory.get()) as { readonly [name: string]: unknown };
    expect(stored['toString']).toBe('x');
    expect(stored['a/b']).toEqual({ '~': [1, 2] });
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });
});

const memoryStore = () => stores[0]?.[1]() as Store;

it('[A2] what a recipe puts into a draft stays the caller’s own', async () => {
  const memory = open(memoryStore());
  const mine = { items: ['a'], count: 1 };
  await memory.update(() => replaceWith(mine));
  const items = ['b'];
  await memory.update((draft) => {
    draft.items = items;
  });
  items.push('c');
  mine.count = 7;
  expect(await memory.get()).toEqual({ items: ['b'], count: 1 });
});

it('[A2] what is given to set counts as it was then, whatever happens to it while it waits', async () => {
  const memory = open(memoryStore());
  const given = { items: ['then'], count: 1 };
  const first = memory.update(async (draft) => void draft.count++);
  const second = memory.set(given);
  given.items.push('now');
  await Promise.all([first, second]);
  expect(await memory.get()).toEqual({ items: ['then'], count: 1 });
});

it('[A2] a function as initial value is called once for each time that nothing is stored', async () => {
  const store = memoryStore();
  let made = 0;
  const memory = openMemory({
    schema: z.object({ id: z.number() }),
    initial: () => ({ id: ++made }),
    store,
    key,
  });
  expect([await memory.get(), await memory.get()]).toEqual([{ id: 1 }, { id: 1 }]);
  await memory.set({ id: 7 });
  expect(await memory.get()).toEqual({ id: 7 });
  await store.documents.delete(key, { expect: 'any' });
  expect([await memory.get(), await memory.get()]).toEqual([{ id: 2 }, { id: 2 }]);
});

it('[A2] after maxAttempts conflicts an update gives up with a ConflictError that was not applied', async () => {
  const store = memoryStore();
  const other = open(store);
  const events: unknown[] = [];
  const mine = open(store, { maxAttempts: 3, onEvent: (event: unknown) => events.push(event) });
  let runs = 0;
  const update = mine.update(async (draft) => {
    runs++;
    await other.update((theirs) => void theirs.count++);
    draft.items.push('mine');
  });
  await expect(update).rejects.toMatchObject({ code: 'CONFLICT', mayHaveApplied: false });
  expect(runs).toBe(3);
  expect(events).toEqual([1, 2, 3].map((attempt) => ({ type: 'write-conflicted', key, attempt })));
  expect(await other.get()).toEqual({ items: [], count: 3 });
});

it('[A2] between attempts it waits on the clock that it was given', async () => {
  const store = memoryStore();
  const other = open(store);
  const clock = createTestClock();
  const mine = open(store, { clock });
  let isSaved = false;
  let runs = 0;
  const update = mine
    .update(async (draft) => {
      if (++runs < 3) await other.update((theirs) => void theirs.count++);
      draft.items.push('mine');
    })
    .then(() => {
      isSaved = true;
    });
  await clock.advance(0);
  for (let waits = 0; waits < 2; waits++) {
    expect([runs, isSaved, clock.pending().length]).toEqual([waits + 1, false, 1]);
    await clock.advance((clock.pending()[0] ?? 0) - clock.now());
  }
  await update;
  expect(clock.pending()).toEqual([]);
});

it('[A2] an aborted signal ends the waiting for its turn, for a recipe and between attempts', async () => {
  const clock = createTestClock();
  const store = memoryStore();
  const other = open(store);
  const memory = open(store, { clock });
  const stop = new AbortController();
  const reason = new Error('stopped');
  const hanging = memory.update(() => new Promise(() => {}), { signal: stop.signal });
  const waiting = memory.update((draft) => void draft.count++, { signal: stop.signal });
  await clock.advance(0);
  stop.abort(reason);
  await expect(hanging).rejects.toBe(reason);
  await expect(waiting).rejects.toBe(reason);
  for (const call of [memory.get, memory.exportMemory, memory.flush]) {
    await expect(call({ signal: stop.signal })).rejects.toBe(reason);
  }
  await expect(memory.set(initial, { signal: stop.signal })).rejects.toBe(reason);

  const between = new AbortController();
  const conflicting = memory.update(
    async (draft) => {
      await other.update((theirs) => void theirs.count++);
      draft.items.push('mine');
    },
    { signal: between.signal },
  );
  await clock.advance(0);
  between.abort(reason);
  await expect(conflicting).rejects.toBe(reason);
  expect(clock.pending()).toEqual([]);
  expect(await memory.update((draft) => void draft.items.push('next'))).toEqual({
    items: ['next'],
    count: 1,
  });
});

it('[A2] an update that was stopped during its recipe writes nothing, however the recipe ends', async () => {
  const noted = notingWrites(memoryStore());
  const memory = open(noted.store);
  const stop = new AbortController();
  let finish = () => {};
  let hasBegun = () => {};
  const begun = new Promise<void>((resolve) => {
    hasBegun = resolve;
  });
  const update = memory.update(
    async (draft) => {
      await new Promise<void>((resolve) => {
        finish = resolve;
        hasBegun();
      });
      draft.count = 99;
    },
    { signal: stop.signal },
  );
  await begun;
  stop.abort();
  await expect(update).rejects.toBe(stop.signal.reason);
  finish();
  expect(await memory.update((draft) => void draft.count++)).toEqual({ items: [], count: 1 });
  expect(noted.writes).toHaveLength(1);
});

it('[A2] other failures of the store are passed on, and the next update runs', async () => {
  const failure = new Error('broken');
  let isBroken = true;
  const memory = open(
    withPut(memoryStore(), (put) => async (...args) => {
      if (isBroken) throw failure;
      return put(...args);
    }),
    { clock: systemClock },
  );
  await expect(memory.update((draft) => void draft.count++)).rejects.toBe(failure);
  isBroken = false;
  expect((await memory.update((draft) => void draft.count++)).count).toBe(1);
});

it('a recipe and a hook that are no functions are refused', async () => {
  const memory = open(memoryStore());
  const wrong = { count: 1 } as never;
  await expect(memory.update(wrong)).rejects.toMatchObject({ code: 'INVALID_INPUT', path: 'recipe' });
  expect(() => memory.onChange(wrong)).toThrow(expect.objectContaining({ path: 'hook' }));
});
