import { expect } from 'vitest';
import type { StoreCase } from '../store-behaviour.js';
import { conflictOf, entries, expectCode, keysOf, put, toArray } from './tools.js';

export function expiryCases(storeCase: StoreCase): void {
  const key = ['short', 'lived'];

  storeCase('treats an expired document as absent everywhere', async (store, clock) => {
    await store.documents.put(key, 1, { expect: 'any', operationId: 'one', ttlMs: 1000 });
    const expiresAt = clock.now() + 1000;
    expect(await store.documents.get(key)).toMatchObject({ value: 1, expiresAt });
    expect(await toArray(store.documents.list(['short']))).toEqual([
      { key, updatedAt: clock.now(), expiresAt },
    ]);
    await clock.advance(999);
    expect(await store.documents.get(key)).toBeDefined();
    await clock.advance(1);
    expect(await store.documents.get(key)).toBeUndefined();
    expect(await keysOf(store.documents.list([]))).toEqual([]);
    expect(await store.documents.delete(key, { expect: 'any' })).toBe(false);
  });

  storeCase(
    'writes an expired document anew: absent, another version, no expiry, no replay',
    async (store, clock) => {
      const before = await store.documents.put(key, 1, { expect: 'any', operationId: 'one', ttlMs: 10 });
      await clock.advance(10);
      const late = store.documents.put(key, 2, { expect: { version: before.version }, operationId: 'two' });
      expect((await conflictOf(late)).mayHaveApplied).toBe(true);
      const anew = await store.documents.put(key, 2, { expect: 'absent', operationId: 'one' });
      expect(anew.replayed).toBe(false);
      expect(anew.version).not.toBe(before.version);
      await clock.advance(1_000_000);
      expect(await store.documents.get(key)).not.toHaveProperty('expiresAt');
    },
  );

  storeCase(
    'keeps the expiry of a document where no ttl is given, and replaces it where one is',
    async (store, clock) => {
      await store.documents.put(key, 1, { expect: 'any', operationId: 'one', ttlMs: 1000 });
      const expiresAt = clock.now() + 1000;
      await clock.advance(400);
      await put(store, key, 2, 'two');
      expect((await store.documents.get(key))?.expiresAt).toBe(expiresAt);
      await store.documents.put(key, 3, { expect: 'any', operationId: 'three', ttlMs: 5000 });
      expect((await store.documents.get(key))?.expiresAt).toBe(clock.now() + 5000);
      await store.documents.put(key, 3, { expect: 'any', operationId: 'three', ttlMs: 1 });
      expect((await store.documents.get(key))?.expiresAt).toBe(clock.now() + 5000);
    },
  );

  storeCase('lets a log expire as a whole and begins a new epoch', async (store, clock) => {
    const before = await store.logs.append(key, entries(1, 3), { ttlMs: 1000 });
    await clock.advance(500);
    await store.logs.append(key, entries(4, 4));
    expect(await toArray(store.logs.list([]))).toMatchObject([{ key, expiresAt: clock.now() + 500 }]);
    await clock.advance(500);
    expect(await store.logs.head(key)).toBeUndefined();
    expect(await toArray(store.logs.read(key))).toEqual([]);
    expect(await keysOf(store.logs.list([]))).toEqual([]);
    expect(await store.logs.rewrite(key, [{ id: 'e1', revision: 0, body: 'back' }])).toEqual([]);
    const anew = await store.logs.append(key, entries(1, 1), { expect: 'absent' });
    expect(anew).toMatchObject({ firstSeq: 1, lastSeq: 1, outcome: 'appended' });
    expect(anew.epoch).not.toBe(before.epoch);
    expect(await toArray(store.logs.read(key))).toHaveLength(1);
    expect(await toArray(store.logs.list([]))).toEqual([{ key, updatedAt: clock.now() }]);
  });

  storeCase('answers false for the deletion of an expired log', async (store, clock) => {
    await store.logs.append(key, entries(1, 3), { ttlMs: 1 });
    await clock.advance(1);
    expect(await store.logs.delete(key)).toBe(false);
  });

  storeCase(
    'renews the expiry of a log with an append that names one, not with a replay',
    async (store, clock) => {
      await store.logs.append(key, entries(1, 1), { ttlMs: 1000 });
      await store.logs.append(key, entries(2, 2), { ttlMs: 9000 });
      await store.logs.append(key, entries(2, 2), { ttlMs: 1 });
      await clock.advance(8999);
      expect((await store.logs.head(key))?.seq).toBe(2);
      await clock.advance(1);
      expect(await store.logs.head(key)).toBeUndefined();
    },
  );

  storeCase('refuses a time to live that is not a finite number above 0', async (store) => {
    for (const ttlMs of [0, -1, Number.NaN, Number.POSITIVE_INFINITY, '5' as unknown as number]) {
      await expectCode(
        store.documents.put(key, 1, { expect: 'any', operationId: 'op', ttlMs }),
        'INVALID_INPUT',
      );
      await expectCode(store.logs.append(key, entries(1, 1), { ttlMs }), 'INVALID_INPUT');
    }
  });

  storeCase('takes a time to live of any size', async (store, clock) => {
    await store.documents.put(key, 1, { expect: 'any', operationId: 'op', ttlMs: Number.MAX_VALUE });
    await clock.advance(1e12);
    expect((await store.documents.get(key))?.value).toBe(1);
  });
}
