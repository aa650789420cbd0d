import {
  ConflictError,
  createMemoryStore,
  type PutOptions,
  type Store,
  StoreUnavailableError,
} from '@loci/core';
import { openMemory } from '@loci/memory-typed';
import { chaos } from '@loci/testing';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { offline } from '../src/index.js';
import { idsOf, valueAt } from './tools.js';

const add = (value: unknown) => Number(value ?? 0) + 1;
const quick = { probeDelayMs: 1, maxProbeDelayMs: 4 };

/** Counts one step; a conflict is tried again as a new operation, an absent store as the same one. */
async function addOne(store: Store, operationId: string): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    const found = await store.documents.get(['count']);
    const expect = found ? { version: found.version } : 'absent';
    const options: PutOptions = { expect, operationId: `${operationId}-${attempt}`, rebase: add };
    try {
      await store.documents.put(['count'], add(found?.value), options);
      return;
    } catch (error) {
      if (!ConflictError.isInstance(error) || error.mayHaveApplied) throw error;
    }
  }
}

it.each(Array.from({ length: 12 }, (_, index) => index + 1))(
  '[G3] [G4] with lost answers and refused calls every acknowledged step counts exactly once (seed %i)',
  async (seed) => {
    const backend = createMemoryStore();
    const writers = ['a', 'b', 'c'].map((name, index) => ({
      name,
      store: offline(
        chaos(backend, { seed: seed * 10 + index, lostAnswers: 0.15, refusals: 0.15, maxDelayMs: 3 }),
        { journal: createMemoryStore(), ...quick },
      ),
    }));
    let acknowledged = 0;
    let unsure = 0;
    const ids: string[] = [];
    await Promise.all(
      writers.map(async ({ name, store }) => {
        for (let step = 0; step < 25; step++) {
          await addOne(store, `${name}-${step}`).then(
            () => acknowledged++,
            (error) => {
              if (!ConflictError.isInstance(error) && !StoreUnavailableError.isInstance(error)) throw error;
              unsure++;
            },
          );
          await store.logs.append(['log'], [{ id: `${name}-${step}`, body: step }]);
          ids.push(`${name}-${step}`);
        }
        await store.flush({ timeoutMs: 20_000 });
        expect((await store.status()).refused).toEqual([]);
        expect(await store.conflicts()).toEqual([]);
      }),
    );
    const counted = Number(await valueAt(backend, ['count']));
    expect(acknowledged).toBeGreaterThan(60);
    expect(counted).toBeGreaterThanOrEqual(acknowledged);
    expect(counted).toBeLessThanOrEqual(acknowledged + unsure);
    expect((await idsOf(backend, ['log'])).sort()).toEqual(ids.sort());
    for (const { store } of writers) await store.close();
  },
);

it('[G3] [G4] typed memories over such a server keep every change', async () => {
  const backend = createMemoryStore();
  const schema = z.object({ items: z.array(z.string()) });
  const open = (store: Store) => openMemory({ schema, initial: { items: [] }, store, key: ['memory'] });
  const expected: string[] = [];
  await Promise.all(
    [1, 2, 3].map(async (seed) => {
      const shaky = chaos(backend, { seed, lostAnswers: 0.2, refusals: 0.2, maxDelayMs: 3 });
      const store = offline(shaky, { journal: createMemoryStore(), ...quick });
      const memory = open(store);
      for (let index = 0; index < 25; index++) {
        await memory.update((draft) => {
          draft.items.push(`${seed}-${index}`);
        });
        expected.push(`${seed}-${index}`);
      }
      await store.flush({ timeoutMs: 20_000 });
      await store.close();
    }),
  );
  expect([...(await open(backend).get()).items].sort()).toEqual(expected.sort());
});
