import {
  checkKey,
  checkPut,
  type DocumentStore,
  type JsonValue,
  type Key,
  type PutOptions,
  toJsonText,
} from '@loci/core';
import { type Cipher, createCipher } from './cipher.js';
import type { Keys } from './keys.js';

/** Documents whose values only the holder of the keys can read. */
export function createDocuments(documents: DocumentStore, keys: Keys): DocumentStore {
  return Object.freeze<DocumentStore>({
    async get(key, options) {
      const name = Array.isArray(key) ? [...key] : key;
      const found = await documents.get(name, options);
      if (!found) return undefined;
      const value = await createCipher(keys, name, options).open({ key: name }, found.value);
      return { ...found, value };
    },
    async put(key, value, options) {
      options?.signal?.throwIfAborted();
      checkKey(key);
      checkPut(options);
      // All of it is taken before the first wait: the caller may change its objects afterwards.
      const name = [...key];
      const text = toJsonText(value);
      const cipher = createCipher(keys, name, options);
      const inner = { ...options, ...withRebase(cipher, name, options) };
      return documents.put(name, await cipher.seal({ key: name }, text), inner);
    },
    delete: (key, options) => documents.delete(key, options),
    list: (prefix, options) => documents.list(prefix, options),
  });
}

function withRebase(cipher: Cipher, key: Key, { rebase }: PutOptions): Pick<PutOptions, 'rebase'> {
  if (!rebase) return {};
  return {
    async rebase(stored: JsonValue | undefined) {
      const value = await rebase(stored === undefined ? undefined : await cipher.open({ key }, stored));
      return cipher.seal({ key }, toJsonText(value));
    },
  };
}
