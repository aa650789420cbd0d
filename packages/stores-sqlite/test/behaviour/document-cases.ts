import type { Version } from '@loci/core';
import { expect } from 'vitest';
import type { StoreCase } from '../store-behaviour.js';
import { conflictOf, keysOf, put } from './tools.js';

export function documentCases(storeCase: StoreCase): void {
  const key = ['a', 'b'];

  storeCase('resolves undefined for a missing key', async (store) => {
    expect(await store.documents.get(['missing'])).toBeUndefined();
  });

  storeCase('gives back what was put, with its version and the moment', async (store, clock) => {
    const value = { text: 'häßlich 🦊\u0000', list: [1, null, true, { deep: -0.5 }] };
    const { version, replayed } = await put(store, key, value, 'op');
    expect(replayed).toBe(false);
    expect(await store.documents.get(key)).toEqual({ key, value, version, updatedAt: clock.now() });
  });

  storeCase('replaces the whole document', async (store) => {
    await put(store, key, { a: 1, b: 2 }, 'one');
    await put(store, key, { c: 3 }, 'two');
    expect((await store.documents.get(key))?.value).toEqual({ c: 3 });
  });

  storeCase('answers a copy, so that changing it changes nothing stored', async (store) => {
    const value = { list: [1] };
    await put(store, key, value, 'op');
    value.list.push(2);
    Object.assign((await store.documents.get(key))?.value ?? {}, { list: [3] });
    expect((await store.documents.get(key))?.value).toEqual({ list: [1] });
  });

  storeCase('rejects with ConflictError and writes nothing when expect does not match', async (store) => {
    const first = await put(store, key, 1, 'one');
    const second = await put(store, key, 2, 'two');
    for (const expected of ['absent', { version: first.version }] as const) {
      const error = await conflictOf(store.documents.put(key, 3, { expect: expected, operationId: 'three' }));
      expect(error).toMatchObject({ key, mayHaveApplied: false });
    }
    expect(await store.documents.get(key)).toMatchObject({ value: 2, version: second.version });
  });

  storeCase('writes when expect matches', async (store) => {
    const first = await store.documents.put(key, 1, { expect: 'absent', operationId: 'one' });
    await store.documents.put(key, 2, { expect: { version: first.version }, operationId: 'two' });
    expect((await store.documents.get(key))?.value).toBe(2);
  });

  storeCase('rejects a version where nothing is stored', async (store) => {
    const expected = { version: 'never.1' as Version };
    const error = await conflictOf(store.documents.put(key, 1, { expect: expected, operationId: 'op' }));
    expect(error.mayHaveApplied).toBe(true);
    await conflictOf(store.documents.delete(key, { expect: expected }));
    expect(await store.documents.get(key)).toBeUndefined();
  });

  storeCase('replays a repeated operation before expect is looked at, and writes nothing', async (store) => {
    const first = await store.documents.put(key, 1, { expect: 'absent', operationId: 'one' });
    const second = await put(store, key, 2, 'two');
    const repeat = await store.documents.put(key, 1, { expect: 'absent', operationId: 'one' });
    expect(repeat).toEqual({ version: first.version, replayed: true });
    expect(await store.documents.get(key)).toMatchObject({ value: 2, version: second.version });
  });

  storeCase('keeps the operation ids of the newest 32 versions', async (store) => {
    const versions: Version[] = [];
    for (let count = 1; count <= 32; count++)
      versions.push((await put(store, key, count, `op-${count}`)).version);
    for (const [index, version] of versions.entries()) {
      expect(await put(store, key, 0, `op-${index + 1}`)).toEqual({ version, replayed: true });
    }
    await put(store, key, 33, 'op-33');
    expect(await put(store, key, 34, 'op-1')).toMatchObject({ replayed: false });
  });

  storeCase('says mayHaveApplied where the version after expect is older than 32 versions', async (store) => {
    const first = await put(store, key, 0, 'first');
    for (let count = 2; count <= 33; count++) await put(store, key, count, `op-${count}`);
    const repeat = { expect: { version: first.version }, operationId: 'mine' } as const;
    expect((await conflictOf(store.documents.put(key, 1, repeat))).mayHaveApplied).toBe(false);
    const absent = { expect: 'absent', operationId: 'mine' } as const;
    expect((await conflictOf(store.documents.put(key, 1, absent))).mayHaveApplied).toBe(true);
    await put(store, key, 34, 'op-34');
    expect((await conflictOf(store.documents.put(key, 1, repeat))).mayHaveApplied).toBe(true);
  });

  storeCase('says mayHaveApplied for a version of an earlier creation of the key', async (store) => {
    const before = await put(store, key, 1, 'one');
    await store.documents.delete(key, { expect: 'any' });
    await put(store, key, 2, 'two');
    const late = store.documents.put(key, 3, { expect: { version: before.version }, operationId: 'three' });
    expect((await conflictOf(late)).mayHaveApplied).toBe(true);
  });

  storeCase('never repeats a version of a key that was deleted and written anew', async (store) => {
    const seen = new Set<string>();
    for (let round = 0; round < 5; round++) {
      seen.add((await put(store, key, 1, 'one')).version).add((await put(store, key, 2, 'two')).version);
      expect(await store.documents.delete(key, { expect: 'any' })).toBe(true);
    }
    expect(seen.size).toBe(10);
  });

  storeCase('deletes only what expect names, and says whether there was something', async (store) => {
    expect(await store.documents.delete(key, { expect: 'any' })).toBe(false);
    expect(await store.documents.delete(key, { expect: 'absent' })).toBe(false);
    const first = await put(store, key, 1, 'one');
    const second = await put(store, key, 2, 'two');
    await conflictOf(store.documents.delete(key, { expect: { version: first.version } }));
    await conflictOf(store.documents.delete(key, { expect: 'absent' }));
    expect((await store.documents.get(key))?.value).toBe(2);
    expect(await store.documents.delete(key, { expect: { version: second.version } })).toBe(true);
    expect(await store.documents.get(key)).toBeUndefined();
  });

  storeCase('lets exactly one of many concurrent writers with the same expectation win', async (store) => {
    const attempts = Array.from({ length: 20 }, (_, index) =>
      store.documents.put(key, index, { expect: 'absent', operationId: `op-${index}` }),
    );
    const outcomes = await Promise.allSettled(attempts);
    expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(1);
  });

  storeCase('lists by encoded key, ascending, and only whole segments under the prefix', async (store) => {
    const keys = [['a'], ['a', '~'], ['a', 'b'], ['a', 'B'], ['a', '0'], ['ab'], ['a/b'], ['b']];
    for (const [index, each] of keys.entries()) await put(store, each, index, 'op');
    expect(await keysOf(store.documents.list(['a']))).toEqual([
      ['a'],
      ['a', '~'],
      ['a', '0'],
      ['a', 'B'],
      ['a', 'b'],
    ]);
    expect(await keysOf(store.documents.list([]))).toEqual([
      ['a/b'],
      ['a'],
      ['a', '~'],
      ['a', '0'],
      ['a', 'B'],
      ['a', 'b'],
      ['ab'],
      ['b'],
    ]);
    expect(await keysOf(store.documents.list(['nothing']))).toEqual([]);
  });

  storeCase('lists more than one page, from `after`, up to `limit`', async (store) => {
    const names = Array.from({ length: 450 }, (_, index) => `n${String(index).padStart(3, '0')}`);
    await Promise.all(names.map((name) => put(store, ['list', name], 1, 'op')));
    const listed = await keysOf(store.documents.list(['list']));
    expect(listed).toEqual(names.map((name) => ['list', name]));
    const some = await keysOf(store.documents.list(['list'], { after: ['list', 'n199'], limit: 250 }));
    expect(some).toEqual(names.slice(200).map((name) => ['list', name]));
    expect(await keysOf(store.documents.list(['list'], { after: ['a'], limit: 1 }))).toEqual([
      ['list', 'n000'],
    ]);
    expect(await keysOf(store.documents.list(['list'], { after: ['z'] }))).toEqual([]);
    expect(await keysOf(store.documents.list(['list'], { limit: 0 }))).toEqual([]);
  });
}
