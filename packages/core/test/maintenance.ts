import { createMemoryStore, DamagedRecordError, type Key, type Store } from '../src/index.js';

/** A clock that moves only where a test sets `time`. */
export function createSettableClock(time = 1_000_000) {
  const clock = { time, now: () => clock.time, after: () => () => {} };
  return clock;
}

export async function toArray<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

export function put(store: Store, key: Key, value: string | number | object, ttlMs?: number) {
  const ttl = ttlMs === undefined ? {} : { ttlMs };
  return store.documents.put(key, JSON.parse(JSON.stringify(value)), {
    expect: 'any',
    operationId: crypto.randomUUID(),
    ...ttl,
  });
}

/** Every record of a store, as far as a restore promises to keep it. */
export async function contentOf(store: Store): Promise<unknown> {
  const documents = [];
  for await (const { key, expiresAt } of store.documents.list([]))
    documents.push({ key, expiresAt, value: (await store.documents.get(key))?.value });
  const logs = [];
  for await (const { key, expiresAt } of store.logs.list([])) {
    const entries = (await toArray(store.logs.read(key))).map(({ id, seq, body }) => ({ id, seq, body }));
    logs.push({ key, expiresAt, entries });
  }
  return { documents, logs };
}

/** Counts the calls that may write. */
export function countingWrites(store: Store = createMemoryStore()) {
  const counted = { writes: 0, store };
  const count =
    <T extends unknown[], R>(run: (...args: T) => R) =>
    (...args: T) => {
      counted.writes++;
      return run(...args);
    };
  const { documents, logs } = store;
  counted.store = {
    ...store,
    documents: { ...documents, put: count(documents.put), delete: count(documents.delete) },
    logs: { ...logs, append: count(logs.append), delete: count(logs.delete), rewrite: count(logs.rewrite) },
  };
  return counted;
}

/** A store whose document `document` and whose third entry of every log cannot be read. */
export function damaged(store: Store, document: Key): Store {
  return {
    ...store,
    documents: {
      ...store.documents,
      async get(key, options) {
        if (key.join() === document.join()) throw new DamagedRecordError(key, undefined, 'for a test');
        return store.documents.get(key, options);
      },
    },
    logs: {
      ...store.logs,
      async *read(key, options) {
        for await (const entry of store.logs.read(key, options)) {
          if (entry.seq === 3) throw new DamagedRecordError(key, 3, 'for a test');
          yield entry;
        }
      },
    },
  };
}
