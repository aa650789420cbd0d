import {
  createMemoryStore,
  InvalidInputError,
  type Key,
  LociError,
  type SearchIndex,
  type Store,
  type Version,
} from '@loci/core';
import { changes, documents, logs, type Mutation, withSearch } from './mutation.js';

/** What a store supports, keys, expiry, boundaries and the feed. */
export const brokenEdges: Readonly<Record<string, Mutation>> = {
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
