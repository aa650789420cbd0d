import { createTestClock } from '@loci/testing';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openMemory } from '../src/index.js';
import { losingAnswers, stores } from './stores.js';

const key = ['memory'];
const schema = z.object({ name: z.string(), 'a/b': z.array(z.object({ tags: z.array(z.string()) })) });
const initial = { name: 'ö', 'a/b': [] };

describe.each(stores)('on %s', (_, createStore) => {
  it('[A9] statistics tell counts, sizes, writes and conflicts', async () => {
    const store = createStore();
    const clock = createTestClock(1000);
    let puts = 0;
    const flaky = losingAnswers(store, () => ++puts === 2);
    const memory = openMemory({ schema, initial, store: flaky, key, clock });
    const none = { createdAt: null, updatedAt: null, writes: 0, changes: 0, conflicts: 0, lostAnswers: 0 };
    expect(await memory.statistics()).toMatchObject({ items: 2, lists: { '/a~1b': 0 }, bytes: 22, ...none });
    await memory.update((draft) => void draft['a/b'].push({ tags: ['x', 'y'] }, { tags: [] }));
    const other = openMemory({ schema, initial, store, key });
    let isFirst = true;
    const update = memory.update(async (draft) => {
      if (isFirst) await other.update((theirs) => void theirs['a/b'].push({ tags: [] }));
      isFirst = false;
      draft.name = 'Ada';
    });
    await clock.advance(500);
    await clock.advance(500);
    await update;
    const stored = await memory.exportMemory();
    expect(await memory.statistics()).toEqual({
      bytes: new TextEncoder().encode(JSON.stringify(stored.value)).length,
      tokens: expect.any(Number),
      items: 2,
      lists: { '/a~1b': 3, '/a~1b/0/tags': 2, '/a~1b/1/tags': 0, '/a~1b/2/tags': 0 },
      createdAt: 1000,
      updatedAt: stored.updatedAt,
      writes: 2,
      changes: 2,
      conflicts: 1,
      lostAnswers: 1,
      growth: expect.any(Array),
    });
  });

  it('[A9] growth spans the whole life in at most 100 samples', async () => {
    const clock = createTestClock(0);
    const list = openMemory({ schema: z.array(z.string()), initial: [], store: createStore(), key, clock });
    for (let index = 0; index < 450; index++) {
      await clock.advance(1);
      await list.update((draft) => void draft.push('12345678'));
    }
    const { growth, bytes, items } = await list.statistics();
    expect(items).toBe(450);
    expect(growth.length).toBeLessThanOrEqual(100);
    expect(growth.length).toBeGreaterThan(50);
    expect(growth[0]).toEqual({ at: 1, bytes: 12 });
    expect(growth.at(-1)).toEqual({ at: 450, bytes });
    const sizes = growth.map((sample) => sample.bytes);
    expect(sizes).toEqual([...sizes].sort((a, b) => a - b));
  });
});

it('[A9] tokens are counted by the counter that was given, once it is loaded', async () => {
  let isLoaded = false;
  const counter = {
    name: 'test',
    errorRatio: 0,
    load: async () => {
      isLoaded = true;
    },
    countText: (text: string) => (isLoaded ? text.length : -1),
  };
  const store = stores[0]?.[1]() as never;
  const memory = openMemory({ schema: z.string(), initial: 'abc', store, key, counter });
  expect((await memory.statistics()).tokens).toBe(5);
  const estimated = openMemory({ schema: z.string(), initial: 'My dog is called Rex.', store, key });
  expect((await estimated.statistics()).tokens).toBeGreaterThan(4);
  expect((await estimated.statistics()).tokens).toBeLessThan(12);
});
