import type { Key } from '@loci/core';
import { createSqliteStore } from '@loci/stores-sqlite';

/** Everything that the demo keeps is in this one file. */
export function openStore(file: string) {
  return createSqliteStore({ path: file });
}

/** Under this prefix are the threads. */
export const threadPrefix = ['demo', 'thread'] as const;

/** A name is data: whatever it is, it is one segment of a key and never a path. */
export function threadKey(name: string): Key {
  return [...threadPrefix, name];
}
