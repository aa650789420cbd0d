import { InvalidInputError, type Store } from '@loci/core';
import type { Keys } from './keys.js';

/** Throws `InvalidInputError` unless the value has the functions of `Keys`. */
export function checkKeys(keys: unknown, path: string): Keys {
  const given = keys as Partial<Keys> | null | undefined;
  if (typeof given?.current === 'function' && typeof given.get === 'function') return given as Keys;
  throw new InvalidInputError(path, 'has no functions `current` and `get`; see keyRing');
}

/** Throws `InvalidInputError` unless the value is an id of 1–512 bytes of well-formed UTF-8. */
export function checkKeyId(id: unknown, path: string): string {
  const fits =
    typeof id === 'string' && id !== '' && id.isWellFormed() && new TextEncoder().encode(id).length <= 512;
  if (fits) return id;
  throw new InvalidInputError(path, 'is not an id of 1–512 bytes of UTF-8');
}

/** Throws `InvalidInputError` unless the value looks like a store. */
export function checkStore(store: unknown, path: string): asserts store is Store {
  const given = store as Partial<Store> | null | undefined;
  if (typeof given?.documents?.put === 'function' && typeof given.logs?.append === 'function') return;
  throw new InvalidInputError(path, 'is not a store');
}
