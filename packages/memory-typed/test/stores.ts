import { createMemoryStore, type DocumentStore, type Store, StoreUnavailableError } from '@loci/core';
import { createSqliteStore } from '@loci/stores-sqlite';
import { onTestFinished } from 'vitest';
import { temporaryFile } from './temporary-file.js';

/** Every behaviour is tried on both. */
export const stores: readonly (readonly [name: string, create: () => Store])[] = [
  ['the in-memory store', () => createMemoryStore()],
  [
    'SQLite',
    () => {
      const store = createSqliteStore({ path: temporaryFile() });
      onTestFinished(async () => void (await store.close()));
      return store;
    },
  ],
];

type Put = DocumentStore['put'];

/** A store whose `put` goes through `around`. */
export function withPut(store: Store, around: (put: Put) => Put): Store {
  return { ...store, documents: { ...store.documents, put: around(store.documents.put) } };
}

/** Applies a write and loses the answer, whenever `lose` says so. */
export function losingAnswers(store: Store, lose: () => boolean): Store {
  return withPut(store, (put) => async (...args) => {
    const receipt = await put(...args);
    if (lose()) throw new StoreUnavailableError('the answer was lost');
    return receipt;
  });
}

/** Notes the operation ids of all writes that were tried. */
export function notingWrites(store: Store): { readonly store: Store; readonly writes: string[] } {
  const writes: string[] = [];
  const noting = withPut(store, (put) => (key, value, options) => {
    writes.push(options.operationId);
    return put(key, value, options);
  });
  return { store: noting, writes };
}
