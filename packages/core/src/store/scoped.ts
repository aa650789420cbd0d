import { InvalidKeyError } from '../errors/invalid-key-error.js';
import { checkKey, checkPrefix, hasPrefix } from './key.js';
import type { Change, ChangeFeed, Key, Listed, SearchIndex, Store, StoredDocument } from './store.js';

/**
 * A store that sees only what lies under `prefix`, with its keys relative to it: the one tenant boundary.
 * INVARIANT: scopes documents, logs, feed and search; two scopes never see each other, whatever their keys are.
 * Closing it does nothing: the store belongs to whoever made it.
 *
 * @example
 * const mine = scoped(store, ['tenant', tenantId]);
 */
export function scoped(store: Store, prefix: Key): Store {
  checkKey(prefix);
  const scope = [...prefix];
  const inner = (key: Key): Key => {
    checkKey(key);
    return [...scope, ...key];
  };
  const innerPrefix = (key: Key): Key => {
    checkPrefix(key);
    return [...scope, ...key];
  };
  const outer = (key: Key): Key => {
    if (!hasPrefix(key, scope)) throw new InvalidKeyError('the store answered with a key of another scope');
    return key.slice(scope.length);
  };
  const bare = <T extends Listed>(record: T): T => ({ ...record, key: outer(record.key) });
  const lists = ({ list }: Pick<Store['documents'], 'list'>) =>
    async function* (key: Key, options: Parameters<typeof list>[1] = {}) {
      const after = options.after === undefined ? {} : { after: inner(options.after) };
      for await (const item of list(innerPrefix(key), { ...options, ...after })) yield bare(item);
    };
  const { documents, logs, feed, search } = store;
  return Object.freeze({
    supports: store.supports,
    documents: Object.freeze({
      async get(key, options) {
        const found = await documents.get(inner(key), options);
        return found && bare<StoredDocument>(found);
      },
      put: async (key, value, options) => documents.put(inner(key), value, options),
      delete: async (key, options) => documents.delete(inner(key), options),
      list: lists(documents),
    } satisfies Store['documents']),
    logs: Object.freeze({
      append: async (key, entries, options) => logs.append(inner(key), entries, options),
      read: (key, options) => logs.read(inner(key), options),
      head: async (key, options) => logs.head(inner(key), options),
      rewrite: async (key, entries, options) => logs.rewrite(inner(key), entries, options),
      delete: async (key, options) => logs.delete(inner(key), options),
      list: lists(logs),
    } satisfies Store['logs']),
    ...(feed ? { feed: scopedFeed(feed, innerPrefix, outer) } : {}),
    ...(search ? { search: scopedSearch(search, inner) } : {}),
    close: async () => ({ unsaved: [] }),
  });
}

function scopedFeed(feed: ChangeFeed, innerPrefix: (key: Key) => Key, outer: (key: Key) => Key): ChangeFeed {
  return {
    async *watch(key, options): AsyncGenerator<Change, void, undefined> {
      for await (const change of feed.watch(innerPrefix(key), options)) {
        // A change of the record at the prefix itself has no key inside the scope.
        if (change.type === 'resync') yield change;
        else if (outer(change.key).length > 0) yield { ...change, key: outer(change.key) };
      }
    },
  };
}

function scopedSearch(search: SearchIndex, inner: (key: Key) => Key): SearchIndex {
  return {
    open: async (space, settings) => search.open(inner(space), settings),
    upsert: async (space, items, options) => search.upsert(inner(space), items, options),
    query: async (space, query) => search.query(inner(space), query),
    delete: async (space, ids) => search.delete(inner(space), ids),
  };
}
