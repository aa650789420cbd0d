import { createMemoryStore, type Store } from '@loci/core';
import { chaos, createTestClock, repeating } from '@loci/testing';
import { storeConformance } from '@loci/testing/store';
import { describe, expect, it } from 'vitest';
import { toArray } from '../src/kit/assertions.js';

const trouble = { lostAnswers: 0.25, refusals: 0.25, maxDelayMs: 20 };

for (const seed of [1, 2, 3])
  storeConformance(
    { describe, it, expect },
    {
      name: `repeating(chaos(createMemoryStore)) with seed ${seed}`,
      create: ({ clock }) => repeating(chaos(createMemoryStore({ clock }), { ...trouble, seed })),
    },
  );

const put = (store: Store, value: number) =>
  store.documents.put(['k'], value, { expect: 'any', operationId: `op-${value}` });
const entry = (id: string) => ({ id, body: id });

describe('chaos', () => {
  it('does the same again for the same seed, and something else for another', async () => {
    const play = async (seed: number) => {
      const store = chaos(createMemoryStore(), { ...trouble, seed });
      for (let count = 0; count < 50; count++) await put(store, count).catch(() => {});
      return store.chaos.faults;
    };
    const faults = await play(7);
    expect(await play(7)).toEqual(faults);
    expect(await play(8)).not.toEqual(faults);
    expect(new Set(faults.map((fault) => fault.split(' ')[2]))).toEqual(new Set(['lost', 'refused']));
  });

  it('has applied a call whose answer it loses, and not one that it refuses', async () => {
    const inner = createMemoryStore();
    const losing = chaos(inner, { lostAnswers: 0.999 });
    await expect(put(losing, 1)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    expect((await inner.documents.get(['k']))?.value).toBe(1);
    const refusing = chaos(inner, { refusals: 0.999 });
    await expect(put(refusing, 2)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    expect((await inner.documents.get(['k']))?.value).toBe(1);
  });

  it('takes its time on the clock it is given', async () => {
    const clock = createTestClock();
    const store = chaos(createMemoryStore(), { maxDelayMs: 1000, clock, seed: 3 });
    let answered = false;
    const receipt = put(store, 1).then(() => {
      answered = true;
    });
    await clock.advance(0);
    expect(answered).toBe(false);
    await clock.advance(2000);
    await receipt;
  });

  it('queues appends, shows them as pending, and stores them in order when they are released', async () => {
    const inner = createMemoryStore();
    const store = chaos(inner);
    await store.logs.append(['l'], [entry('a')]);
    store.chaos.holdAppends();
    expect(await store.logs.append(['l'], [entry('b'), entry('c')])).toMatchObject({
      firstSeq: 2,
      lastSeq: 3,
      outcome: 'pending',
    });
    expect(await store.logs.append(['l'], [entry('b'), entry('c')])).toMatchObject({ outcome: 'pending' });
    expect(await store.logs.append(['l'], [entry('a')])).toMatchObject({ firstSeq: 1, outcome: 'replayed' });
    await expect(store.logs.append(['l'], [entry('c'), entry('d')])).rejects.toMatchObject({
      code: 'CONFLICT',
    });
    for (const refused of [
      put(store, 1),
      store.logs.append(['new'], [entry('a')], { expect: 'absent' }),
      store.logs.rewrite(['l'], []),
    ])
      await expect(refused).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    expect((await toArray(store.logs.read(['l']))).map(({ id, pending }) => [id, pending])).toEqual([
      ['a', undefined],
      ['b', true],
      ['c', true],
    ]);
    expect((await toArray(store.logs.read(['l'], { reverse: true, limit: 1 })))[0]?.id).toBe('c');
    expect((await store.logs.head(['l']))?.seq).toBe(3);
    expect((await inner.logs.head(['l']))?.seq).toBe(1);
    await store.chaos.releaseAppends();
    expect((await toArray(inner.logs.read(['l']))).map(({ id }) => id)).toEqual(['a', 'b', 'c']);
  });

  it('says on close what was still queued', async () => {
    const store = chaos(createMemoryStore());
    store.chaos.holdAppends();
    await store.logs.append(['l'], [entry('a')]);
    expect((await store.close()).unsaved).toEqual([
      { key: ['l'], operationId: 'a', reason: expect.any(String) },
    ]);
  });

  it('lets a record expire between two calls', async () => {
    const store = chaos(createMemoryStore());
    await store.logs.append(['l'], [entry('a')]);
    store.chaos.expire('log', ['l'], 1);
    expect((await store.logs.head(['l']))?.seq).toBe(1);
    expect(await toArray(store.logs.read(['l']))).toEqual([]);
  });

  it('refuses shares that leave no call alone', () => {
    expect(() => chaos(createMemoryStore(), { lostAnswers: 0.5, refusals: 0.5 })).toThrow(
      expect.objectContaining({ code: 'INVALID_INPUT' }),
    );
  });
});
