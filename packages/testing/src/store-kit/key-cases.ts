import { type Key, type Store, scoped } from '@loci/core';
import { equal, like, rejectsWith, toArray } from '../kit/assertions.js';
import { alwaysCase } from './store-case.js';
import { bodiesOf, calls, entries, keysOf, put } from './tools.js';

/** Keys that somebody's backend takes for a path, a pattern, a prototype, a separator or SQL. */
const hostileKeys: readonly Key[] = [
  ['__proto__'],
  ['constructor'],
  ['..', '..', 'x'],
  ['../x'],
  ['a:b'],
  ['a', 'b'],
  ['a/b'],
  ['a%2Fb'],
  ['*'],
  ['%'],
  ['_'],
  ['?'],
  ['[a-z]'],
  ['{a}'],
  [''],
  ['', ''],
  ['🦊'],
  ['nul\u0000'],
  ["'; drop table documents; --"],
  ['é'],
  ['e\u0301'],
  ['A'],
  ['a'],
  ['line\nbreak'],
  ['x'.repeat(512)],
  Array.from({ length: 16 }, () => 's'),
];

const asSet = (keys: readonly Key[]) => keys.map((key) => JSON.stringify(key)).sort();

export const keyCases = [
  alwaysCase(
    'keys/hostile',
    'two different keys never collide, and no segment is read as a pattern or a path.',
    async (store) => {
      for (const [index, key] of hostileKeys.entries()) {
        await put(store, key, index, 'op');
        await store.logs.append(key, [{ id: 'e', body: index }]);
      }
      for (const [index, key] of hostileKeys.entries()) {
        like(await store.documents.get(key), { key, value: index });
        equal(await bodiesOf(store, key), [index]);
      }
      equal(asSet(await keysOf(store.documents.list([]))), asSet(hostileKeys));
      equal(asSet(await keysOf(store.logs.list([]))), asSet(hostileKeys));
      for (const key of hostileKeys) {
        const under = hostileKeys.filter((other) => key.every((segment, index) => other[index] === segment));
        equal(asSet(await keysOf(store.documents.list(key))), asSet(under));
      }
      equal(await store.documents.delete(['*'], { expect: 'any' }), true);
      equal(await store.logs.delete(['%']), true);
      equal((await keysOf(store.documents.list([]))).length, hostileKeys.length - 1);
      equal((await keysOf(store.logs.list([]))).length, hostileKeys.length - 1);
    },
  ),

  alwaysCase(
    'keys/refused',
    'what is not a key is refused with InvalidKeyError, before anything is done',
    async (store) => {
      const segments = (count: number) => Array.from({ length: count }, () => 's');
      const bad = [['x'.repeat(10_000)], ['\ud800'], segments(17), [1], 'text', undefined];
      for (const key of bad as Key[]) {
        for (const call of calls(store, key)) await rejectsWith(call(), 'INVALID_KEY');
      }
      await rejectsWith(store.documents.get([]), 'INVALID_KEY');
      equal(await keysOf(store.documents.list([])), []);
      equal(await keysOf(store.logs.list([])), []);
    },
  ),

  alwaysCase(
    'isolation/document-and-log',
    'the same key may name a document and a log, and neither touches the other',
    async (store) => {
      const key = ['same'];
      await put(store, key, 'document', 'op');
      await store.logs.append(key, entries(1, 1));
      await store.documents.delete(key, { expect: 'any' });
      equal((await store.logs.head(key))?.seq, 1);
      await put(store, key, 'document', 'op-2');
      await store.logs.delete(key);
      equal((await store.documents.get(key))?.value, 'document');
    },
  ),

  alwaysCase(
    'isolation/ids',
    'entry ids belong to their log and operation ids to their document',
    async (store) => {
      for (const name of ['1', '2']) {
        like(await store.logs.append(['thread', name], entries(1, 2)), { firstSeq: 1, outcome: 'appended' });
        equal((await put(store, ['document', name], name, 'op')).replayed, false);
      }
      equal(await bodiesOf(store, ['thread', '2']), [1, 2]);
      equal((await store.documents.get(['document', '2']))?.value, '2');
    },
  ),

  alwaysCase(
    'isolation/scopes',
    'two scopes never see each other, whatever their keys are.',
    async (store) => {
      const scopes = [['a'], ['a', 'x'], ['ab'], ['*'], ['']].map((prefix) => scoped(store, prefix));
      const key = ['b', 'c'];
      for (const [index, scope] of scopes.entries()) {
        await put(scope, key, index, 'op');
        await scope.logs.append(key, [{ id: 'e', body: index }]);
      }
      for (const [index, scope] of scopes.entries()) {
        like(await scope.documents.get(key), { key, value: index });
        equal(await bodiesOf(scope, key), [index]);
      }
      // The scope ['a'] also holds what ['a', 'x'] does, below it: a scope inside a scope.
      equal(await counts(scopes), [2, 1, 1, 1, 1]);
      equal(await scopes[2]?.logs.delete(key), true);
      equal(await scopes[3]?.documents.delete(key, { expect: 'any' }), true);
      equal(await counts(scopes), [2, 1, 1, 0, 1]);
      equal((await toArray(store.logs.list([]))).length, 4);
    },
  ),
];

async function counts(scopes: readonly Store[]): Promise<number[]> {
  return Promise.all(scopes.map(async (scope) => (await keysOf(scope.documents.list([]))).length));
}
