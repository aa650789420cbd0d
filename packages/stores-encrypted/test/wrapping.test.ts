import {
  type Change,
  createMemoryStore,
  type JsonValue,
  type PutOptions,
  type Store,
  scoped,
} from '@loci/core';
import { describe, expect, it } from 'vitest';
import { encrypted } from '../src/index.js';
import { bodiesOf, dump, entries, expectError, newRing, put, readValue, toArray } from './tools.js';

const keys = newRing();

/** A store that queues every write and shows it as pending, as far as a wrapper can see. */
function queueing(store: Store): { readonly store: Store; readonly puts: PutOptions[] } {
  const puts: PutOptions[] = [];
  const queued: Store = {
    ...store,
    supports: { ...store.supports, pending: true },
    documents: {
      ...store.documents,
      async get(key, options) {
        const found = await store.documents.get(key, options);
        return found && { ...found, pending: true };
      },
      async put(key, value, options) {
        puts.push(options);
        return { ...(await store.documents.put(key, value, options)), pending: true };
      },
    },
    logs: {
      ...store.logs,
      append: async (...args) => ({ ...(await store.logs.append(...args)), outcome: 'pending' }),
      async *read(key, options) {
        for await (const entry of store.logs.read(key, options)) yield { ...entry, pending: true };
      },
    },
  };
  return { store: queued, puts };
}

describe('a store that queues, below', () => {
  it('stays one: receipts, documents and entries say that they are pending', async () => {
    const store = encrypted(queueing(createMemoryStore()).store, { keys });
    expect(store.supports.pending).toBe(true);
    expect(await put(store, ['d'], 1, 'op')).toMatchObject({ pending: true });
    expect(await store.documents.get(['d'])).toMatchObject({ pending: true, value: 1 });
    expect(await store.logs.append(['l'], entries(1, 1))).toMatchObject({ outcome: 'pending' });
    expect(await toArray(store.logs.read(['l']))).toMatchObject([{ pending: true, body: 1 }]);
  });

  it('[A8] hands `rebase` what is stored in plain, and gets its answer encrypted', async () => {
    const inner = createMemoryStore();
    const { store: queue, puts } = queueing(inner);
    const store = encrypted(queue, { keys });
    await put(store, ['d'], { count: 41 }, 'op');
    const seen: unknown[] = [];
    await store.documents.put(
      ['d'],
      { count: 1 },
      {
        expect: 'any',
        operationId: 'op-2',
        async rebase(stored) {
          seen.push(stored);
          const { count } = (stored ?? { count: 0 }) as { count: number };
          return { count: count + 1 };
        },
      },
    );
    const rebase = puts[1]?.rebase as NonNullable<PutOptions['rebase']>;
    await put(store, ['d'], { count: 99 }, 'op-3');
    const server = (await inner.documents.get(['d']))?.value as JsonValue;
    const answer = await rebase(server);
    expect(JSON.stringify(answer)).not.toContain('count');
    await put(inner, ['d'], answer, 'op-4');
    expect(await readValue(store, ['d'])).toEqual({ count: 100 });
    await put(inner, ['d'], await rebase(undefined), 'op-5');
    expect(await readValue(store, ['d'])).toEqual({ count: 1 });
    expect(seen).toEqual([{ count: 99 }, undefined]);
    await expectError(Promise.resolve(rebase({ not: 'an envelope' })), {
      code: 'DAMAGED_RECORD',
      key: ['d'],
    });
    expect(puts[0]?.rebase).toBeUndefined();
  });

  it('refuses the write where `rebase` answers what JSON cannot hold', async () => {
    const { store: queue, puts } = queueing(createMemoryStore());
    const rebase = () => Number.NaN;
    await encrypted(queue, { keys }).documents.put(['d'], 1, { expect: 'any', operationId: 'op', rebase });
    await expectError(Promise.resolve(puts[0]?.rebase?.(undefined)), { code: 'INVALID_INPUT' });
  });
});

it('takes values, bodies and keys when it is called: what the caller changes later does not matter', async () => {
  const store = encrypted(createMemoryStore(), { keys });
  const [key, value, entry] = [['d'], { n: 1 }, { id: 'e', body: { n: 1 } }];
  const works = [put(store, key, value, 'op'), store.logs.append(key, [entry])];
  key[0] = 'other';
  value.n = 2;
  entry.id = 'changed';
  entry.body.n = 2;
  await Promise.all(works);
  expect(await readValue(store, ['d'])).toEqual({ n: 1 });
  expect(await toArray(store.logs.read(['d']))).toMatchObject([{ id: 'e', body: { n: 1 } }]);
});

it('repeated writes are recognised although their ciphertexts differ', async () => {
  const inner = createMemoryStore();
  const store = encrypted(inner, { keys });
  const first = await put(store, ['d'], 1, 'op');
  await store.logs.append(['l'], entries(1, 3));
  const before = await dump(inner);
  expect(await put(store, ['d'], 1, 'op')).toEqual({ version: first.version, replayed: true });
  expect(await store.logs.append(['l'], entries(1, 3))).toMatchObject({ outcome: 'replayed', lastSeq: 3 });
  expect(await dump(inner)).toBe(before);
});

it('is the store below in all but the values: what it supports, its feed, its end; and it has no search', async () => {
  const inner = createMemoryStore();
  const store = encrypted({ ...inner, search: {} as never }, { keys });
  expect(store.supports).toBe(inner.supports);
  expect('search' in store).toBe(false);
  const stop = new AbortController();
  const seen: Change[] = [];
  for await (const change of store.feed?.watch([], { signal: stop.signal }) ?? []) {
    seen.push(change);
    if (change.type === 'resync') await put(store, ['d'], 1, 'op');
    else stop.abort();
  }
  expect(seen.at(-1)).toEqual({ type: 'changed', target: 'document', key: ['d'] });
  const { feed: _, ...without } = inner;
  expect('feed' in encrypted(without, { keys })).toBe(false);
  await store.close();
  await expectError(inner.documents.get(['d']), { code: 'STORE_CLOSED' });
});

it('scopes of an encrypted store are bound to their names: a record of one is refused in another', async () => {
  const inner = createMemoryStore();
  const store = encrypted(inner, { keys });
  const [a, b] = [scoped(store, ['a']), scoped(store, ['b'])] as const;
  await put(a, ['d'], 'of a', 'op');
  await put(inner, ['b', 'd'], (await inner.documents.get(['a', 'd']))?.value as JsonValue, 'op');
  expect(await readValue(a, ['d'])).toBe('of a');
  await expectError(b.documents.get(['d']), { code: 'DECRYPTION' });
  await a.logs.append(['l'], entries(1, 2));
  expect(await bodiesOf(a, ['l'])).toEqual([1, 2]);
});
