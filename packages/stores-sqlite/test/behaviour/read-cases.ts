import { expect } from 'vitest';
import type { StoreCase } from '../store-behaviour.js';
import { entries, toArray } from './tools.js';

export function readCases(storeCase: StoreCase): void {
  const key = ['log'];

  storeCase('reads nothing of an absent log', async (store) => {
    expect(await toArray(store.logs.read(key))).toEqual([]);
  });

  storeCase('reads from and to inclusively, both ways, up to a limit', async (store) => {
    await store.logs.append(key, entries(1, 10));
    const seqs = async (options: Parameters<typeof store.logs.read>[1]) =>
      (await toArray(store.logs.read(key, options))).map((entry) => entry.seq);
    expect(await seqs({ from: 3, to: 5 })).toEqual([3, 4, 5]);
    expect(await seqs({ from: 9 })).toEqual([9, 10]);
    expect(await seqs({ to: 2 })).toEqual([1, 2]);
    expect(await seqs({ from: 9, to: 99 })).toEqual([9, 10]);
    expect(await seqs({ from: 0, to: 1 })).toEqual([1]);
    expect(await seqs({ from: 11 })).toEqual([]);
    expect(await seqs({ from: 5, to: 4 })).toEqual([]);
    expect(await seqs({ limit: 2 })).toEqual([1, 2]);
    expect(await seqs({ limit: 0 })).toEqual([]);
    expect(await seqs({ reverse: true, limit: 3 })).toEqual([10, 9, 8]);
    expect(await seqs({ reverse: true, from: 3, to: 5 })).toEqual([5, 4, 3]);
    expect(await seqs({ reverse: true, from: 3, to: 5, limit: 2 })).toEqual([5, 4]);
  });

  storeCase('reads a long log completely in both directions', async (store) => {
    await store.logs.append(key, entries(1, 2000));
    const up = (await toArray(store.logs.read(key))).map((entry) => entry.body);
    expect(up).toEqual(Array.from({ length: 2000 }, (_, index) => index + 1));
    const down = (await toArray(store.logs.read(key, { reverse: true }))).map((entry) => entry.body);
    expect(down).toEqual([...up].reverse());
  });

  storeCase('shows no gap when entries are appended during a read', async (store) => {
    await store.logs.append(key, entries(1, 600));
    let next = 601;
    const seqs: number[] = [];
    for await (const entry of store.logs.read(key)) {
      seqs.push(entry.seq);
      if (entry.seq % 100 === 0) await store.logs.append(key, entries(next, next++));
    }
    expect(seqs.length).toBeGreaterThanOrEqual(600);
    expect(seqs).toEqual(seqs.map((_, index) => index + 1));
  });

  storeCase(
    'never mixes the entries of two logs when one is deleted and written anew during a read',
    async (store) => {
      await store.logs.append(key, entries(1, 600));
      const bodies: unknown[] = [];
      for await (const entry of store.logs.read(key)) {
        bodies.push(entry.body);
        if (entry.seq !== 10) continue;
        await store.logs.delete(key);
        const other = entries(1, 600).map(({ id }) => ({ id, body: 'another log' }));
        await store.logs.append(key, other);
      }
      expect(bodies).not.toContain('another log');
      expect(bodies).toEqual(bodies.map((_, index) => index + 1));
    },
  );
}
