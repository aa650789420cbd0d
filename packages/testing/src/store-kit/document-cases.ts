import type { Version } from '@loci/core';
import { conflictOf, equal, holds, like } from '../kit/assertions.js';
import { storeCase } from './store-case.js';
import { keysOf, put } from './tools.js';

const key = ['a', 'b'];

export const documentCases = [
  storeCase('documents/missing', '`get` resolves undefined for a missing key', async (store) => {
    equal(await store.documents.get(['missing']), undefined);
  }),

  storeCase(
    'documents/round-trip',
    '`get` gives back what was put, with its version and the moment',
    async (store, clock) => {
      const value = { text: 'häßlich 🦊\u0000', list: [1, null, true, { deep: -0.5 }] };
      const { version, replayed } = await put(store, key, value, 'op');
      equal(replayed, false);
      equal(await store.documents.get(key), { key, value, version, updatedAt: clock.now() });
    },
  ),

  storeCase('documents/replace', '`put` replaces the whole document', async (store) => {
    await put(store, key, { a: 1, b: 2 }, 'one');
    await put(store, key, { c: 3 }, 'two');
    equal((await store.documents.get(key))?.value, { c: 3 });
  }),

  storeCase(
    'documents/copy',
    'what is put and what is read are copies, so that changing them changes nothing stored',
    async (store) => {
      const value = { list: [1] };
      await put(store, key, value, 'op');
      value.list.push(2);
      const read = (await store.documents.get(key))?.value;
      if (!Object.isFrozen(read)) Object.assign(read ?? {}, { list: [3] });
      equal((await store.documents.get(key))?.value, { list: [1] });
    },
  ),

  storeCase(
    'documents/conflict',
    'when `expect` does not match the stored version, rejects with `ConflictError` and writes nothing.',
    async (store) => {
      const first = await put(store, key, 1, 'one');
      const second = await put(store, key, 2, 'two');
      for (const expected of ['absent', { version: first.version }] as const) {
        const late = store.documents.put(key, 3, { expect: expected, operationId: 'three' });
        like(await conflictOf(late), { key, mayHaveApplied: false });
      }
      like(await store.documents.get(key), { value: 2, version: second.version });
    },
  ),

  storeCase('documents/expect', '`put` writes when `expect` matches', async (store) => {
    const first = await store.documents.put(key, 1, { expect: 'absent', operationId: 'one' });
    await store.documents.put(key, 2, { expect: { version: first.version }, operationId: 'two' });
    equal((await store.documents.get(key))?.value, 2);
  }),

  storeCase(
    'documents/expect-missing',
    '`put` and `delete` reject a version where nothing is stored',
    async (store) => {
      const expected = { version: 'never.1' as Version };
      const error = await conflictOf(store.documents.put(key, 1, { expect: expected, operationId: 'op' }));
      equal(error.mayHaveApplied, true);
      await conflictOf(store.documents.delete(key, { expect: expected }));
      equal(await store.documents.get(key), undefined);
    },
  ),

  storeCase(
    'documents/replay',
    'a repeated operation is answered `replayed` before `expect` is looked at, with the version that it made',
    async (store) => {
      const first = await store.documents.put(key, 1, { expect: 'absent', operationId: 'one' });
      const second = await put(store, key, 2, 'two');
      const repeat = await store.documents.put(key, 1, { expect: 'absent', operationId: 'one' });
      equal(repeat, { version: first.version, replayed: true });
      like(await store.documents.get(key), { value: 2, version: second.version });
    },
  ),

  storeCase(
    'documents/replay-newest',
    'the record keeps the operation ids of its newest 32 versions; repeated with one of them, `put` writes nothing and answers `replayed`, before `expect` is looked at.',
    async (store) => {
      const versions: Version[] = [];
      for (let count = 1; count <= 32; count++)
        versions.push((await put(store, key, count, `op-${count}`)).version);
      for (const [index, version] of versions.entries()) {
        equal(await put(store, key, 0, `op-${index + 1}`), { version, replayed: true });
      }
      equal((await store.documents.get(key))?.value, 32);
      await put(store, key, 33, 'op-33');
      like(await put(store, key, 34, 'op-1'), { replayed: false });
    },
  ),

  storeCase(
    'documents/may-have-applied',
    '`ConflictError.mayHaveApplied` is true where the version after `expect` is older than 32 versions',
    async (store) => {
      const first = await put(store, key, 0, 'first');
      for (let count = 2; count <= 33; count++) await put(store, key, count, `op-${count}`);
      const repeat = { expect: { version: first.version }, operationId: 'mine' } as const;
      equal((await conflictOf(store.documents.put(key, 1, repeat))).mayHaveApplied, false);
      const absent = { expect: 'absent', operationId: 'mine' } as const;
      equal((await conflictOf(store.documents.put(key, 1, absent))).mayHaveApplied, true);
      await put(store, key, 34, 'op-34');
      equal((await conflictOf(store.documents.put(key, 1, repeat))).mayHaveApplied, true);
    },
  ),

  storeCase(
    'documents/may-have-applied-before',
    '`ConflictError.mayHaveApplied` is true for a version of an earlier life of the key',
    async (store) => {
      const before = await put(store, key, 1, 'one');
      await store.documents.delete(key, { expect: 'any' });
      await put(store, key, 2, 'two');
      const late = store.documents.put(key, 3, { expect: { version: before.version }, operationId: 'three' });
      equal((await conflictOf(late)).mayHaveApplied, true);
    },
  ),

  storeCase(
    'documents/versions',
    'a version is never the same again for a key that was deleted and written anew',
    async (store) => {
      const seen = new Set<string>();
      for (let round = 0; round < 5; round++) {
        seen.add((await put(store, key, 1, 'one')).version).add((await put(store, key, 2, 'two')).version);
        equal(await store.documents.delete(key, { expect: 'any' }), true);
      }
      equal(seen.size, 10);
    },
  ),

  storeCase(
    'documents/delete',
    '`delete` deletes only what `expect` names, and says whether there was something',
    async (store) => {
      equal(await store.documents.delete(key, { expect: 'any' }), false);
      equal(await store.documents.delete(key, { expect: 'absent' }), false);
      const first = await put(store, key, 1, 'one');
      const second = await put(store, key, 2, 'two');
      await conflictOf(store.documents.delete(key, { expect: { version: first.version } }));
      await conflictOf(store.documents.delete(key, { expect: 'absent' }));
      equal((await store.documents.get(key))?.value, 2);
      equal(await store.documents.delete(key, { expect: { version: second.version } }), true);
      equal(await store.documents.get(key), undefined);
    },
  ),

  storeCase(
    'documents/concurrent',
    'exactly one of many concurrent writers with the same expectation wins',
    async (store) => {
      const attempts = Array.from({ length: 20 }, (_, index) =>
        store.documents.put(key, index, { expect: 'absent', operationId: `op-${index}` }),
      );
      const outcomes = await Promise.allSettled(attempts);
      equal(outcomes.filter((outcome) => outcome.status === 'fulfilled').length, 1);
      const winner = outcomes.findIndex((outcome) => outcome.status === 'fulfilled');
      equal((await store.documents.get(key))?.value, winner);
    },
  ),

  storeCase(
    'documents/list-order',
    '`list` gives keys by encoded key, ascending, and only whole segments under the prefix',
    async (store) => {
      const keys = [['a'], ['a', '~'], ['a', 'b'], ['a', 'B'], ['a', '0'], ['ab'], ['a/b'], ['b']];
      for (const [index, each] of keys.entries()) await put(store, each, index, 'op');
      const under = [['a'], ['a', '~'], ['a', '0'], ['a', 'B'], ['a', 'b']];
      equal(await keysOf(store.documents.list(['a'])), under);
      equal(await keysOf(store.documents.list([])), [['a/b'], ...under, ['ab'], ['b']]);
      equal(await keysOf(store.documents.list(['nothing'])), []);
    },
  ),

  storeCase(
    'documents/list-pages',
    '`list` goes over every page, from `after`, up to `limit`',
    async (store) => {
      const names = Array.from({ length: 450 }, (_, index) => `n${String(index).padStart(3, '0')}`);
      await Promise.all(names.map((name) => put(store, ['list', name], 1, 'op')));
      const all = names.map((name) => ['list', name]);
      const list = (options: Parameters<typeof store.documents.list>[1]) =>
        keysOf(store.documents.list(['list'], options));
      equal(await list({}), all);
      equal(await list({ after: ['list', 'n199'], limit: 250 }), all.slice(200));
      equal(await list({ after: ['a'], limit: 1 }), all.slice(0, 1));
      equal(await list({ after: ['z'] }), []);
      equal(await list({ limit: 0 }), []);
    },
  ),

  storeCase(
    'documents/increments',
    'counting with `expect` counts every step of concurrent writers once',
    async (store) => {
      const increment = async (operationId: string) => {
        for (let attempt = 0; attempt < 200; attempt++) {
          const found = await store.documents.get(key);
          const expected = found ? { version: found.version } : 'absent';
          try {
            const value = Number(found?.value ?? 0) + 1;
            await store.documents.put(key, value, { expect: expected, operationId });
            return;
          } catch (error) {
            await conflictOf(Promise.reject(error));
          }
        }
        holds(false, 'a writer never got its turn');
      };
      await Promise.all(
        ['a', 'b', 'c', 'd'].map(async (name) => {
          for (let count = 0; count < 10; count++) await increment(`${name}-${count}`);
        }),
      );
      equal((await store.documents.get(key))?.value, 40);
    },
  ),
];
