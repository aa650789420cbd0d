import type { IoOptions, Key } from '@loci/core';

/** The platform's `CryptoKey`, under a name that exists with the types of browsers and with those of Node alone. */
export type PlatformKey = Awaited<ReturnType<typeof crypto.subtle.importKey>>;

/** An AES key of 256 bits: a `CryptoKey` for AES-GCM that may encrypt and decrypt, or its 32 bytes. */
export type KeyMaterial = PlatformKey | Uint8Array;

/** The key for what is written now. */
export interface CurrentKey {
  /** 1–512 bytes of UTF-8; stored in plain text with every record. Never the same for two different keys. */
  readonly id: string;
  readonly key: KeyMaterial;
}

/**
 * Where keys come from: `keyRing`, `subjectKeys`, or a key management service of yours. Asked at least once for every
 * call on a store, so it should cache what is far away, and forget it after a while. What it throws rejects the call:
 * errors of Loci as they are, others as the `cause` of a `StoreUnavailableError`.
 */
export interface Keys {
  /** The key for what is written to this record. */
  current(key: Key, options?: IoOptions): CurrentKey | Promise<CurrentKey>;
  /** A key by its id: `undefined` where it is not known, `erased` where it was destroyed on purpose. */
  get(
    id: string,
    key: Key,
    options?: IoOptions,
  ): KeyMaterial | 'erased' | undefined | Promise<KeyMaterial | 'erased' | undefined>;
}
