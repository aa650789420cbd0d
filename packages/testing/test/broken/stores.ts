import {
  type Change,
  ConflictError,
  createMemoryStore,
  InvalidInputError,
  type Key,
  LociError,
  type LogEntry,
  type SearchIndex,
  type Store,
  type Version,
} from '@loci/core';
import { toArray } from '../../src/kit/assertions.js';

/** A good store turned into a broken one. */
export type Mutation = (store: Store) => Store;

const documents =
  (change: (inner: Store['documents'], store: Store) => Partial<Store['documents']>): Mutation =>
  (store) =>
    Object.freeze({ ...store, documents: { ...store.documents, ...change(store.documents, store) } });
const logs =
  (change: (inner: Store['logs'], store: Store) => Partial<Store['logs']>): Mutation =>
  (store) =>
    Object.freeze({ ...store, logs: { ...store.logs, ...change(store.logs, store) } });
const changes =
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

async function* limited<T>(items: AsyncIterable<T>, limit: number): AsyncGenerator<T, void, undefined> {
  let left = limit;
  for await (const item of items) if (left-- > 0) yield item;
}

async function* mapped<T>(items: AsyncIterable<T>, map: (item: T) => T): AsyncGenerator<T, void, undefined> {
  for await (const item of items) yield map(item);
}

const checksBeforeWriting = documents(({ get, put }) => ({
  async put(key, value, options) {
    const found = await get(key);
    const { expect } = options;
    if (expect === 'absent' ? found : expect !== 'any' && expect.version !== found?.version)
      throw new ConflictError(key);
    await new Promise((resolve) => setImmediate(resolve));
    return put(key, value, { ...options, expect: 'any' });
  },
}));

const forgetsWhetherItApplied = documents(({ put }) => ({
  put: (key, ...rest) =>
    put(key, ...rest).catch((error) => {
      throw ConflictError.isInstance(error) ? new ConflictError(key) : error;
    }),
}));

const appendsOneByOne = logs(({ append }) => ({
  async append(key, entries, options = {}) {
    const [first, ...rest] = entries;
    const receipt = await append(key, first ? [first] : [], options);
    let { lastSeq } = receipt;
    for (const entry of rest) {
      await new Promise((resolve) => setImmediate(resolve));
      ({ lastSeq } = await append(key, [entry]));
    }
    return { ...receipt, lastSeq };
  },
}));

/** For every case of the store kit a store that it must fail: one thing is wrong with each. */
export const brokenStores: Readonly<Record<string, Mutation>> = {
  'support/shape': (store) => ({ ...store }),
  'support/feed': ({ feed: _, ...rest }) => Object.freeze(rest),
  'support/ttl': documents(({ put }) => ({
    put: (key, value, options) =>
      put(key, value, {
        ...options,
        ...(options.ttlMs && { ttlMs: Math.ceil(options.ttlMs / 1000) * 1000 }),
      }),
  })),
  'support/pending': logs(({ append }) => ({
    append: async (...args) => ({ ...(await append(...args)), outcome: 'pending' }),
  })),
  'search/complete': (store) => withSearch(store, { open: async () => ({ cursor: 'from somewhere' }) }),
  'search/cursor': (store) => {
    const { search } = withSearch(store);
    return withSearch(store, {
      upsert: async (space, items) => search?.upsert(space, items, { cursor: 'none' }),
    });
  },
  'isolation/search': (store) => {
    const inner = withSearch(store).search as SearchIndex;
    return withSearch(store, { ...inner, query: (_, query) => inner.query(['s'], query) });
  },

  'keys/hostile': (store) => {
    const joined = (key: Key): Key =>
      Array.isArray(key) && key.length > 0 ? [key.join(':').slice(0, 512)] : key;
    return Object.freeze<Store>({
      ...store,
      documents: {
        ...store.documents,
        get: async (key, options) => store.documents.get(joined(key), options),
        put: async (key, value, options) => store.documents.put(joined(key), value, options),
      },
    });
  },
  'keys/refused': documents(({ get }) => ({ get: (...args) => get(...args).catch(() => undefined) })),
  'isolation/document-and-log': documents((inner, store) => ({
    async delete(key, options) {
      await store.logs.delete(key, options);
      return inner.delete(key, options);
    },
  })),
  'isolation/ids': logs(({ append }) => {
    const seen = new Set<string>();
    return {
      async append(key, entries, options) {
        const known = entries.filter(({ id }) => seen.has(id));
        for (const { id } of entries) seen.add(id);
        if (known.length > 0 && known.length === entries.length)
          return { epoch: 'e', firstSeq: 1, lastSeq: entries.length, outcome: 'replayed' };
        return append(key, entries, options);
      },
    };
  }),
  'isolation/scopes': documents(({ list }) => ({
    async *list(prefix, options) {
      for await (const item of list([], options))
        if (item.key.join('/').startsWith(prefix.join('/'))) yield item;
    },
  })),

  'documents/missing': documents(({ get }) => ({
    get: async (...args) => (await get(...args)) ?? (null as unknown as undefined),
  })),
  'documents/round-trip': documents(({ get }) => ({
    async get(...args) {
      const found = await get(...args);
      return found && { ...found, updatedAt: found.updatedAt + 1 };
    },
  })),
  'documents/replace': documents(({ get, put }) => ({
    async put(key, value, options) {
      const found = await get(key);
      return put(key, { ...(found?.value as object), ...(value as object) }, options);
    },
  })),
  'documents/copy': documents(({ get }) => {
    const cache = new Map<string, Awaited<ReturnType<typeof get>>>();
    return {
      async get(key, options) {
        const name = JSON.stringify(key);
        if (!cache.has(name)) cache.set(name, await get(key, options));
        return cache.get(name);
      },
    };
  }),
  'documents/conflict': documents(({ put }) => ({
    put: (key, value, options) => put(key, value, { ...options, expect: 'any' }),
  })),
  'documents/expect': documents(({ put }) => ({
    put: (key, value, options) =>
      typeof options.expect === 'object' ? Promise.reject(new ConflictError(key)) : put(key, value, options),
  })),
  'documents/expect-missing': documents(({ get, put }) => ({
    put: async (key, value, options) =>
      put(key, value, { ...options, expect: (await get(key)) ? options.expect : 'any' }),
  })),
  'documents/replay': documents(({ put }) => {
    let count = 0;
    return {
      put: (key, value, options) =>
        put(key, value, { ...options, operationId: `${options.operationId}-${count++}` }),
    };
  }),
  'documents/replay-newest': documents(({ put }) => {
    const born = new Map<string, number>();
    return {
      put(key, value, options) {
        const { operationId } = options;
        if (!born.has(operationId)) born.set(operationId, born.size);
        const age = born.size - (born.get(operationId) ?? 0);
        return put(key, value, { ...options, operationId: age > 16 ? `${operationId} again` : operationId });
      },
    };
  }),
  'documents/may-have-applied': forgetsWhetherItApplied,
  'documents/may-have-applied-before': forgetsWhetherItApplied,
  'documents/versions': documents(({ put }) => ({
    async put(...args) {
      const receipt = await put(...args);
      return { ...receipt, version: receipt.version.split('.')[1] as Version };
    },
  })),
  'documents/delete': documents((inner) => ({
    delete: (key, options) => inner.delete(key, { ...options, expect: 'any' }),
  })),
  'documents/concurrent': checksBeforeWriting,
  'documents/increments': checksBeforeWriting,
  'documents/list-order': documents(({ list }) => ({
    async *list(prefix, options) {
      const keys = await toArray(list(prefix, options));
      yield* keys.sort((a, b) => a.key.join('/').localeCompare(b.key.join('/')));
    },
  })),
  'documents/list-pages': documents(({ list }) => ({
    list: (prefix, options) => limited(list(prefix, options), 200),
  })),

  'logs/seqs': logs(({ append }) => ({
    async append(...args) {
      const receipt = await append(...args);
      return { ...receipt, firstSeq: receipt.firstSeq - 1, lastSeq: receipt.lastSeq - 1 };
    },
  })),
  'logs/contiguous': appendsOneByOne,
  'logs/all-or-nothing': appendsOneByOne,
  'logs/replay': logs(({ append, head }) => ({
    async append(key, entries, options) {
      if (options?.expect === 'absent' && (await head(key))) throw new ConflictError(key);
      return append(key, entries, options);
    },
  })),
  'logs/partly-present': logs(({ append, read }) => ({
    async append(key, entries, options) {
      const known = new Set((await toArray(read(key))).map(({ id }) => id));
      const fresh = entries.filter(({ id }) => !known.has(id));
      return append(key, fresh.length > 0 ? fresh : entries, options);
    },
  })),
  'logs/expect': logs(({ append }) => ({ append: (key, entries) => append(key, entries) })),
  'logs/refused': logs(({ append }) => ({
    async append(key, entries, options) {
      const unique = new Map(entries.map((entry) => [entry.id, entry]));
      return append(key, [...unique.values()], options);
    },
  })),
  'logs/rewrite': logs(({ read, rewrite }) => ({
    async rewrite(key, entries, options) {
      const now = new Map((await toArray(read(key))).map(({ id, revision }) => [id, revision]));
      const forced = entries.map((entry) => ({ ...entry, revision: now.get(entry.id) ?? entry.revision }));
      return rewrite(key, forced, options);
    },
  })),
  'logs/rewrite-absent': logs(({ append, head, rewrite }) => ({
    async rewrite(key, entries, options) {
      if (!(await head(key))) await append(key, [...entries]);
      return rewrite(key, entries, options);
    },
  })),
  'logs/replay-rewritten': logs(({ append, read, rewrite }) => ({
    async append(key, entries, options) {
      const receipt = await append(key, entries, options);
      if (receipt.outcome === 'replayed') {
        const stored = await toArray(read(key));
        const back = entries.map((entry) => ({
          ...entry,
          revision: stored.find(({ id }) => id === entry.id)?.revision ?? 0,
        }));
        await rewrite(key, back);
      }
      return receipt;
    },
  })),
  'logs/delete': logs(({ append }) => ({
    append: async (...args) => ({ ...(await append(...args)), epoch: 'always the same' }),
  })),
  'logs/list': logs(({ list }) => ({
    list: (...args) => mapped(list(...args), (item) => ({ ...item, updatedAt: 0 })),
  })),

  'read/absent': logs(({ head }) => ({
    head: async (...args) => (await head(...args)) ?? { epoch: '', seq: 0 },
  })),
  'read/range': logs(({ read }) => ({
    read: (key, options) => read(key, { ...options, ...(options?.to && { to: options.to - 1 }) }),
  })),
  'read/long': logs(({ read }) => ({ read: (...args) => limited(read(...args), 1000) })),
  'read/while-appending': logs(({ read, head }) => ({
    async *read(key, options) {
      const before = (await head(key))?.seq ?? 0;
      yield* read(key, { ...options, to: before });
      const after = (await head(key))?.seq ?? 0;
      if (after > before) yield* read(key, { from: after });
    },
  })),
  'read/while-written-anew': logs(({ read, head }) => ({
    async *read(key, options) {
      const last = (await head(key))?.seq ?? 0;
      for (let from = 1; from <= last; from += 100)
        yield* await toArray(read(key, { ...options, from, to: from + 99 }));
    },
  })),
  'read/copy': logs(({ read }) => {
    const cache = new Map<string, LogEntry>();
    return {
      async *read(key, options) {
        for await (const entry of read(key, options)) {
          if (!cache.has(entry.id)) cache.set(entry.id, entry);
          yield cache.get(entry.id) as typeof entry;
        }
      },
    };
  }),

  'expiry/document': documents(({ put }) => ({
    put: (key, value, { ttlMs: _, ...options }) => put(key, value, options),
  })),
  'expiry/document-anew': documents(({ put }) => {
    const known = new Map<string, Version>();
    return {
      async put(key, value, options) {
        const version = known.get(options.operationId);
        if (version) return { version, replayed: true };
        const receipt = await put(key, value, options);
        known.set(options.operationId, receipt.version);
        return receipt;
      },
    };
  }),
  'expiry/document-kept': documents(({ put }) => ({
    put: (key, value, options) => put(key, value, { ttlMs: Number.MAX_VALUE, ...options }),
  })),
  'expiry/log': logs(({ append }) => ({
    append: (key, entries, { ttlMs: _, ...options } = {}) => append(key, entries, options),
  })),
  'expiry/log-delete': logs((inner) => ({
    delete: async (...args) => {
      await inner.delete(...args);
      return true;
    },
  })),
  'expiry/log-renewed': logs(({ append, head }) => ({
    async append(key, entries, options = {}) {
      const { ttlMs: _, ...rest } = options;
      return append(key, entries, (await head(key)) ? rest : options);
    },
  })),
  'expiry/refused': documents(({ put }) => ({
    put(key, value, { ttlMs, ...options }) {
      return put(key, value, { ...options, ...(ttlMs && ttlMs > 0 && { ttlMs }) });
    },
  })),
  'expiry/any-size': documents(({ put }) => ({
    put: (key, value, options) =>
      put(key, value, { ...options, ...(options.ttlMs && { ttlMs: Math.min(options.ttlMs, 2 ** 31 - 1) }) }),
  })),

  'values/refused': documents(({ put }) => ({
    put: (key, value, options) =>
      put(key, value === undefined ? null : JSON.parse(JSON.stringify(value)), options),
  })),
  'ids/bounds': documents(({ put }) => ({
    put: (key, value, options) => put(key, value, { ...options, operationId: options.operationId || 'none' }),
  })),
  'options/refused': documents(({ put }) => ({
    put: (key, value, options) => put(key, value, { ...options, expect: options.expect ?? 'any' }),
  })),
  'signals/aborted': documents(({ get }) => ({ get: (key) => get(key) })),
  'signals/reading': logs(({ read }) => ({
    read: (key, { signal: _, ...options } = {}) => read(key, options),
  })),
  'close/refuses': (store) => {
    const other = createMemoryStore();
    return Object.freeze({ ...store, documents: { ...store.documents, get: other.documents.get } });
  },
  'errors/secrets': logs(({ append }) => ({
    append: (key, entries, options) =>
      append(key, entries, options).catch((error) => {
        const shown = entries.map(({ id }) => id).join();
        throw LociError.isInstance(error) ? new InvalidInputError('entries', shown) : error;
      }),
  })),

  'feed/resync-first': changes(async function* (watch, _, prefix) {
    for await (const change of watch(prefix)) if (change.type === 'changed') yield change;
  }),
  'feed/announces': changes(async function* (watch, _, prefix, store) {
    for await (const change of watch(prefix)) {
      if (change.type === 'changed') {
        const isThere =
          change.target === 'log' ? await store.logs.head(change.key) : await store.documents.get(change.key);
        if (!isThere) continue;
      }
      yield change;
    }
  }),
  'feed/last-change': changes(async function* (watch, _, prefix) {
    const seen = new Set<string>();
    for await (const change of watch(prefix)) {
      const name = JSON.stringify(change);
      if (!seen.has(name)) yield change;
      seen.add(name);
    }
  }),
  'feed/aborted': changes(async function* (watch, signal, prefix) {
    yield* watch(prefix);
    signal.throwIfAborted();
  }),
  'feed/closed': changes(async function* (watch, signal, prefix) {
    yield* watch(prefix);
    if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve));
  }),
  'isolation/feed': changes((watch) => watch([])),
};

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
