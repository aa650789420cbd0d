import type { Key, LogAppend, PutReceipt, Store, StoredDocument } from '@loci/core';
import { toArray } from '../kit/assertions.js';

/** Entries `e<from>` to `e<to>` whose bodies are their numbers. */
export function entries(from: number, to: number): LogAppend[] {
  return Array.from({ length: to - from + 1 }, (_, index) => ({
    id: `e${from + index}`,
    body: from + index,
  }));
}

/** Puts with `expect: 'any'`. */
export function put(
  store: Store,
  key: Key,
  value: StoredDocument['value'],
  operationId: string,
): Promise<PutReceipt> {
  return store.documents.put(key, value, { expect: 'any', operationId });
}

/** The keys of a listing. */
export async function keysOf(listing: AsyncIterable<{ readonly key: Key }>): Promise<Key[]> {
  return (await toArray(listing)).map((item) => item.key);
}

/** The bodies of a whole log. */
export async function bodiesOf(store: Store, key: Key): Promise<unknown[]> {
  return (await toArray(store.logs.read(key))).map((entry) => entry.body);
}

/** Every method of a store with this key. */
export function calls(store: Store, key: Key, signal?: AbortSignal): readonly (() => Promise<unknown>)[] {
  const io = signal ? { signal } : {};
  return [
    () => store.documents.get(key, io),
    () => store.documents.put(key, 1, { expect: 'any', operationId: 'op', ...io }),
    () => store.documents.delete(key, { expect: 'any', ...io }),
    () => toArray(store.documents.list(key, io)),
    () => store.logs.append(key, entries(1, 1), io),
    () => toArray(store.logs.read(key, io)),
    () => store.logs.head(key, io),
    () => store.logs.rewrite(key, [], io),
    () => store.logs.delete(key, io),
    () => toArray(store.logs.list(key, io)),
  ];
}
