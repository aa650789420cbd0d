import type { Store } from '@loci/core';
import { checkKeys, checkStore } from './check-options.js';
import { createDocuments } from './documents.js';
import type { Keys } from './keys.js';
import { createLogs } from './logs.js';

export interface EncryptedOptions {
  /** Where keys come from: `keyRing`, `subjectKeys`, or your own. */
  readonly keys: Keys;
}

/**
 * A store whose values another store keeps encrypted: AES-256-GCM, a fresh nonce for every write, bound to the name of
 * the record. Names (keys, entry ids, operation ids), times and sizes stay readable there. It is what the other store
 * is (`supports`, `feed`, versions), without a search index. Closing it closes the other store.
 *
 * Throws `InvalidInputError` where an option is not usable. What cannot be decrypted is never written to.
 *
 * @example
 * const store = encrypted(createSqliteStore({ path: 'memory.db' }), {
 *   keys: keyRing({ current: 'k1', keys: { k1: bytes } }),
 * });
 */
export function encrypted(store: Store, options: EncryptedOptions): Store {
  checkStore(store, 'store');
  const keys = checkKeys(options?.keys, 'options.keys');
  const { documents, logs, supports, feed } = store;
  return Object.freeze<Store>({
    documents: createDocuments(documents, keys),
    logs: createLogs(logs, keys),
    supports,
    ...(feed ? { feed } : {}),
    close: (closeOptions) => store.close(closeOptions),
  });
}
