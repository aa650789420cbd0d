import { ConflictError, type Store, StoreUnavailableError } from '@loci/core';
import { createTestClock } from '@loci/testing';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type MemoryEvent, openMemory } from '../src/index.js';
import { losingAnswers, notingWrites, stores, withPut } from './stores.js';

const key = ['counter'];
const open = (store: Store, more = {}) => openMemory({ schema: z.number(), initial: 0, store, key, ...more });

describe.each(stores)('on %s', (_, createStore) => {
  it('[A2] updates whose answers are lost are applied once each', async () => {
    const store = createStore();
    let writes = 0;
    const flaky = losingAnswers(store, () => ++writes % 2 === 0);
    const memories = [open(flaky), open(flaky)];
    await Promise.all(
      Array.from({ length: 100 }, (_, index) => memories[index % 2]?.update((count) => count + 1)),
    );
    expect(await open(store).get()).toBe(100);
  });

  it('[A2] the repeat after a lost answer bears the same operation id, the next attempt a new one', async () => {
    const store = createStore();
    const other = open(store);
    const noted = notingWrites(
      withPut(store, (put) => {
        let isFirst = true;
        return async (...args) => {
          if (!isFirst) return put(...args);
          isFirst = false;
          // It never got there, and somebody else was faster than the repeat.
          await other.update((count) => count + 10);
          throw new StoreUnavailableError('no connection');
        };
      }),
    );
    const events: MemoryEvent['type'][] = [];
    const mine = open(noted.store, { onEvent: (event: MemoryEvent) => events.push(event.type) });
    expect(await mine.update((count) => count + 1)).toBe(11);
    const [first, repeat, second] = noted.writes;
    expect(noted.writes).toHaveLength(3);
    expect(repeat).toBe(first);
    expect(second).not.toBe(first);
    expect(events).toEqual(['answer-lost', 'write-conflicted', 'memory-saved']);
  });

  it('[A2] a change is reported as perhaps applied where its answer was lost and the store has forgotten it', async () => {
    const store = createStore();
    const other = open(store);
    let puts = 0;
    const flaky = withPut(store, (put) => async (...args) => {
      const receipt = await put(...args);
      if (++puts > 1) return receipt;
      // A store remembers the newest 32 operations.
      for (let index = 0; index < 40; index++) await other.update((count) => count + 1);
      throw new StoreUnavailableError('the answer was lost');
    });
    const update = open(flaky).update((count) => count + 100);
    await expect(update).rejects.toMatchObject({ code: 'CONFLICT', mayHaveApplied: true });
    expect(await other.get()).toBe(140);
  });

  it('[A2] a memory that others wrote often meanwhile is no reason to give up where every answer came', async () => {
    const store = createStore();
    const other = open(store);
    let runs = 0;
    const result = await open(store).update(async (count) => {
      if (++runs === 1) for (let index = 0; index < 40; index++) await other.update((theirs) => theirs + 1);
      return count + 100;
    });
    expect(result).toBe(140);
  });
});

it('[A2] a store that stays away is asked six times and then reported', async () => {
  const clock = createTestClock();
  const store = stores[0]?.[1]() as Store;
  const noted = notingWrites(
    withPut(store, () => async () => {
      throw new StoreUnavailableError('no connection');
    }),
  );
  const update = open(noted.store, { clock })
    .update((count) => count + 1)
    .catch((error: unknown) => error);
  await clock.advance(1000);
  expect(StoreUnavailableError.isInstance(await update)).toBe(true);
  expect(noted.writes).toHaveLength(6);
  expect(new Set(noted.writes).size).toBe(1);
  expect(await open(store).get()).toBe(0);
});

it('[A2] hooks hear once of a change whose answer was lost', async () => {
  let isLost = true;
  const flaky = losingAnswers(stores[0]?.[1]() as Store, () => {
    const lose = isLost;
    isLost = false;
    return lose;
  });
  const memory = open(flaky);
  const heard: unknown[] = [];
  memory.onChange((change) => heard.push([change.old, change.new]));
  await memory.update((count) => count + 1);
  expect(heard).toEqual([[0, 1]]);
});

it('[A2] a conflict that names a lost write is passed on only after an answer was lost', async () => {
  const store = stores[0]?.[1]() as Store;
  let puts = 0;
  const forgetful = withPut(store, (put) => async (...args) => {
    if (++puts === 1) throw new ConflictError(key, { mayHaveApplied: true });
    return put(...args);
  });
  expect(await open(forgetful).update((count) => count + 1)).toBe(1);
});
