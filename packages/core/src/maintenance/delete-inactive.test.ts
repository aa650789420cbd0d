import { describe, expect, it } from 'vitest';
import { createSettableClock, put, toArray } from '../../test/maintenance.js';
import { createMemoryStore, type Store, StoreUnavailableError } from '../index.js';
import { deleteInactive, type MaintenanceEvent } from '../maintenance.js';

const names = async (store: Store) => [
  ...(await toArray(store.documents.list([]))).map(({ key }) => `document ${key.join('/')}`),
  ...(await toArray(store.logs.list([]))).map(({ key }) => `log ${key.join('/')}`),
];

describe('deleteInactive', () => {
  it('[A10] [G8] deletes what was last written long enough ago, says what, and leaves the rest', async () => {
    const clock = createSettableClock();
    const store = createMemoryStore({ clock });
    await put(store, ['s', 'old'], 1);
    await put(store, ['s', 'touched'], 1);
    await put(store, ['other'], 1);
    await store.logs.append(['s', 'old'], [{ id: 'a', body: 1 }]);
    await store.logs.append(['s', 'touched'], [{ id: 'a', body: 1 }]);
    clock.time += 1000;
    await put(store, ['s', 'touched'], 2);
    await store.logs.append(['s', 'touched'], [{ id: 'b', body: 1 }]);
    const events: MaintenanceEvent[] = [];
    const options = { prefix: ['s'], clock, onEvent: (event: MaintenanceEvent) => void events.push(event) };
    expect(await deleteInactive(store, { ...options, olderThanMs: 1001 })).toMatchObject({
      documents: [],
      logs: [],
    });
    expect(await deleteInactive(store, { ...options, olderThanMs: 1000 })).toEqual({
      documents: [['s', 'old']],
      logs: [['s', 'old']],
      failed: [],
      more: false,
    });
    expect(events).toEqual([
      { type: 'record-deleted', kind: 'document', key: ['s', 'old'] },
      { type: 'record-deleted', kind: 'log', key: ['s', 'old'] },
    ]);
    expect(await names(store)).toEqual(['document other', 'document s/touched', 'log s/touched']);
  });

  it('[A10] deletes no more than `limit` at once, and all of them when it is called until nothing is left', async () => {
    const clock = createSettableClock();
    const store = createMemoryStore({ clock });
    for (let index = 0; index < 25; index++) {
      await put(store, ['d', `${index}`], 1);
      await store.logs.append(['l', `${index}`], [{ id: 'a', body: 1 }]);
    }
    clock.time += 1000;
    const deleted: number[] = [];
    for (let more = true; more; ) {
      const report = await deleteInactive(store, { prefix: [], olderThanMs: 500, limit: 20, clock });
      deleted.push(report.documents.length + report.logs.length);
      more = report.more;
    }
    expect(deleted).toEqual([20, 20, 10]);
    expect(await names(store)).toEqual([]);
  });

  it('[A10] reports one that cannot be deleted, and deletes the others all the same', async () => {
    const clock = createSettableClock();
    const store = createMemoryStore({ clock });
    for (const name of ['a', 'b', 'c']) {
      await put(store, [name], 1);
      await store.logs.append([name], [{ id: 'a', body: 1 }]);
    }
    clock.time += 1000;
    const error = new StoreUnavailableError('for a test');
    const refusing: Store = {
      ...store,
      documents: {
        ...store.documents,
        delete: async (key, options) => {
          if (key[0] === 'b') throw error;
          return store.documents.delete(key, options);
        },
      },
      logs: {
        ...store.logs,
        delete: async (key) => {
          if (key[0] === 'a') throw error;
          return store.logs.delete(key);
        },
      },
    };
    const events: MaintenanceEvent[] = [];
    const report = await deleteInactive(refusing, {
      prefix: [],
      olderThanMs: 500,
      limit: 4,
      clock,
      onEvent: (event) => {
        events.push(event);
        throw new Error('a listener that fails');
      },
    });
    expect(report).toEqual({
      documents: [['a'], ['c']],
      logs: [['b'], ['c']],
      failed: [
        { kind: 'document', key: ['b'], error },
        { kind: 'log', key: ['a'], error },
      ],
      more: true,
    });
    expect(events.filter(({ type }) => type === 'delete-failed')).toHaveLength(2);
    expect(await names(store)).toEqual(['document b', 'log a']);
  });

  it('keeps what is written while it works', async () => {
    const clock = createSettableClock();
    const store = createMemoryStore({ clock });
    await put(store, ['before'], 1);
    await put(store, ['between'], 1);
    await store.logs.append(['before'], [{ id: 'a', body: 1 }]);
    clock.time += 1000;
    const busy: Store = {
      ...store,
      documents: {
        ...store.documents,
        async *list(prefix, options) {
          for await (const item of store.documents.list(prefix, options)) {
            if (item.key[0] === 'before') await put(store, ['before'], 2);
            yield item;
          }
        },
        delete: async (key, options) => {
          if (key[0] === 'between') await put(store, key, 2);
          return store.documents.delete(key, options);
        },
      },
      logs: {
        ...store.logs,
        async *list(prefix, options) {
          const items = await toArray(store.logs.list(prefix, options));
          if (prefix.length === 0) await store.logs.append(['before'], [{ id: 'b', body: 1 }]);
          yield* items;
        },
      },
    };
    const report = await deleteInactive(busy, { prefix: [], olderThanMs: 500, clock });
    expect(report).toEqual({ documents: [], logs: [], failed: [], more: false });
    expect(await names(store)).toEqual(['document before', 'document between', 'log before']);
  });

  it('refuses options that it cannot use, and stops with the reason of its signal', async () => {
    const store = createMemoryStore();
    for (const bad of [{ olderThanMs: 0 }, { olderThanMs: Number.NaN }, { limit: 0 }, { limit: 1.5 }])
      await expect(deleteInactive(store, { prefix: [], olderThanMs: 1, ...bad })).rejects.toMatchObject({
        code: 'INVALID_INPUT',
      });
    await expect(deleteInactive(store, { olderThanMs: 1 } as never)).rejects.toMatchObject({
      code: 'INVALID_KEY',
    });
    const reason = new Error('enough');
    const signal = AbortSignal.abort(reason);
    await expect(deleteInactive(store, { prefix: [], olderThanMs: 1, signal })).rejects.toBe(reason);

    const clock = createSettableClock();
    const old = createMemoryStore({ clock });
    await put(old, ['only'], 1);
    clock.time += 1000;
    const stop = new AbortController();
    const stopping: Store = {
      ...old,
      documents: {
        ...old.documents,
        delete: async () => {
          stop.abort(reason);
          throw reason;
        },
      },
    };
    const options = { prefix: [], olderThanMs: 1, clock, signal: stop.signal };
    await expect(deleteInactive(stopping, options)).rejects.toBe(reason);
  });
});
