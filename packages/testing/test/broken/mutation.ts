import type { Change, Key, SearchIndex, Store } from '@loci/core';

/** A good store turned into a broken one. */
export type Mutation = (store: Store) => Store;

export const documents =
  (change: (inner: Store['documents'], store: Store) => Partial<Store['documents']>): Mutation =>
  (store) =>
    Object.freeze({ ...store, documents: { ...store.documents, ...change(store.documents, store) } });
export const logs =
  (change: (inner: Store['logs'], store: Store) => Partial<Store['logs']>): Mutation =>
  (store) =>
    Object.freeze({ ...store, logs: { ...store.logs, ...change(store.logs, store) } });
export const changes =
  (
    change: (
      watch: (prefix: Key) => AsyncIterable<Change>,
      signal: AbortSignal,
      prefix: Key,
      store: Store,
    ) => AsyncIterable<Change>,
  ): Mutation =>
  (store) =>
    Object.freeze<Store>({
      ...store,
      feed: {
        watch: (prefix, { signal }) =>
          change(
            (wanted) => store.feed?.watch(wanted, { signal }) as AsyncIterable<Change>,
            signal,
            prefix,
            store,
          ),
      },
    });

export async function* limited<T>(
  items: AsyncIterable<T>,
  limit: number,
): AsyncGenerator<T, void, undefined> {
  let left = limit;
  for await (const item of items) if (left-- > 0) yield item;
}

export async function* mapped<T>(
  items: AsyncIterable<T>,
  map: (item: T) => T,
): AsyncGenerator<T, void, undefined> {
  for await (const item of items) yield map(item);
}
/** A small search index beside a store: a good one, but for what `broken` replaces. */
export function withSearch(store: Store, broken: Partial<SearchIndex> = {}): Store {
  const spaces = new Map<string, { cursor: string | undefined; texts: Map<string, string> }>();
  const spaceOf = (space: Key) => {
    const name = JSON.stringify(space);
    const found = spaces.get(name) ?? { cursor: undefined, texts: new Map() };
    spaces.set(name, found);
    return found;
  };
  const search: SearchIndex = {
    open: async (space) => ({ cursor: spaceOf(space).cursor }),
    async upsert(space, items, { cursor }) {
      const found = spaceOf(space);
      for (const { id, text } of items) found.texts.set(id, text);
      found.cursor = cursor;
    },
    async query(space, { text = '', limit }) {
      const hits = [...spaceOf(space).texts].filter(([, stored]) => stored.includes(text));
      return hits.slice(0, limit).map(([id]) => ({ id, score: 1 }));
    },
    async delete(space, ids) {
      for (const id of ids) spaceOf(space).texts.delete(id);
    },
  };
  return Object.freeze({ ...store, search: { ...search, ...broken } });
}
