import {
  checkAppend,
  checkKey,
  checkRewrite,
  type IoOptions,
  type Key,
  type LogAppend,
  type LogStore,
  toJsonText,
} from '@loci/core';
import { createCipher } from './cipher.js';
import type { Keys } from './keys.js';

/** Logs whose bodies only the holder of the keys can read. */
export function createLogs(logs: LogStore, keys: Keys): LogStore {
  /** Takes all of the entries before the first wait: the caller may change its objects afterwards. */
  const seal = <T extends LogAppend>(
    key: Key,
    entries: readonly T[],
    options: IoOptions | undefined,
  ): Promise<T[]> => {
    const texts = entries.map(({ body }, index) => toJsonText(body, `entries[${index}].body`));
    const plain = entries.map((entry) => ({ ...entry }));
    const cipher = createCipher(keys, key, options);
    return Promise.all(
      plain.map(async (entry, index) => ({
        ...entry,
        body: await cipher.seal({ key, entry }, texts[index] as string),
      })),
    );
  };
  return Object.freeze<LogStore>({
    async append(key, entries, options = {}) {
      options.signal?.throwIfAborted();
      checkKey(key);
      checkAppend(entries, options);
      const [name, settings] = [[...key], { ...options }];
      return logs.append(name, await seal(name, entries, options), settings);
    },
    async *read(key, options) {
      let cipher: ReturnType<typeof createCipher> | undefined;
      const name = Array.isArray(key) ? [...key] : key;
      for await (const entry of logs.read(name, options)) {
        cipher ??= createCipher(keys, name, options);
        yield { ...entry, body: await cipher.open({ key: name, entry }, entry.body) };
      }
    },
    head: (key, options) => logs.head(key, options),
    async rewrite(key, entries, options) {
      options?.signal?.throwIfAborted();
      checkKey(key);
      checkRewrite(entries);
      const name = [...key];
      return logs.rewrite(name, await seal(name, entries, options), options);
    },
    delete: (key, options) => logs.delete(key, options),
    list: (prefix, options) => logs.list(prefix, options),
  });
}
