import { InvalidInputError } from '@loci/core';
import { checkKeyId } from './check-options.js';
import type { Keys, PlatformKey } from './keys.js';
import { copyOf, toCryptoKey } from './to-crypto-key.js';

export interface KeyRingOptions {
  /** Id of the key for what is written now; one of `keys`. */
  readonly current: string;
  /** By id: 32 bytes each, from a secure random source. Those that are not current only read. */
  readonly keys: { readonly [id: string]: Uint8Array };
}

/**
 * Keys that the program holds itself. They are copied, imported on first use and kept as long as the ring; it never
 * gives them out again as bytes. Throws `InvalidInputError` where one is not 32 bytes, or `current` is none of them.
 *
 * @example
 * const keys = keyRing({ current: 'k2', keys: { k1: oldBytes, k2: newBytes } });
 */
export function keyRing(options: KeyRingOptions): Keys {
  if (typeof options?.keys !== 'object' || options.keys === null)
    throw new InvalidInputError('options.keys', 'is not an object of keys by id');
  const bytes = new Map(
    Object.entries(options.keys).map(([id, value], index) => {
      const path = `options.keys[${index}]`;
      return [checkKeyId(id, `${path} (its id)`), copyOf(value, path)] as const;
    }),
  );
  const { current } = options;
  if (!bytes.has(current)) throw new InvalidInputError('options.current', 'is none of the ids in `keys`');
  const imported = new Map<string, Promise<PlatformKey>>();

  const find = (id: string): Promise<PlatformKey> | undefined => {
    const raw = bytes.get(id);
    if (!raw || imported.has(id)) return imported.get(id);
    const key = toCryptoKey(raw, 'key');
    imported.set(id, key);
    return key;
  };
  return Object.freeze<Keys>({
    async current() {
      return { id: current, key: await (find(current) as Promise<PlatformKey>) };
    },
    get: async (id) => find(id),
  });
}
