import type { Key, LogAppend, PutReceipt, Store, StoredDocument } from '@loci/core';
import { expect } from 'vitest';

export async function toArray<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

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

/** Expects a rejection with an error of Loci of this code. */
export async function expectCode(work: Promise<unknown>, code: string): Promise<void> {
  await expect(work).rejects.toMatchObject({ code });
}

/** The encodings of the keys that a listing gives, as plain lists. */
export async function keysOf(listing: AsyncIterable<{ readonly key: Key }>): Promise<Key[]> {
  return (await toArray(listing)).map((item) => item.key);
}
