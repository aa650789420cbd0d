import type { Key, LogAppend, PutReceipt, Store, StoredDocument } from '@loci/core';
import { expect } from 'vitest';
import { type Keys, keyRing } from '../src/index.js';

/** 32 bytes that are the same for the same number. */
export const bytes = (fill: number) => new Uint8Array(32).fill(fill);

/** The ring of `k1` alone. */
export const oldRing = (): Keys => keyRing({ current: 'k1', keys: { k1: bytes(1) } });
/** The ring in which `k2` has taken over and `k1` still reads. */
export const newRing = (): Keys => keyRing({ current: 'k2', keys: { k1: bytes(1), k2: bytes(2) } });

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

export async function readValue(store: Store, key: Key): Promise<unknown> {
  return (await store.documents.get(key))?.value;
}

export async function bodiesOf(store: Store, key: Key): Promise<unknown[]> {
  return (await toArray(store.logs.read(key))).map((entry) => entry.body);
}

/** Everything in a store as it is stored, as text. */
export async function dump(store: Store): Promise<string> {
  const records: unknown[] = [];
  for await (const { key } of store.documents.list([])) records.push(await store.documents.get(key));
  for await (const { key } of store.logs.list([])) records.push(key, await toArray(store.logs.read(key)));
  return JSON.stringify(records);
}

/** Expects a rejection with an error of Loci that has these fields. */
export async function expectError(work: Promise<unknown>, fields: object): Promise<void> {
  await expect(work).rejects.toMatchObject(fields);
}
