import { type Key, LociError, showKey } from '@loci/core';

/**
 * Thrown when a record does not decrypt: it was changed or moved after it was written, or the key under its id is
 * another one than it was written with. Nothing is changed; the other records can still be read.
 */
export class DecryptionError extends LociError {
  readonly key: Key;
  /** Sequence number of the log entry; absent for a document. */
  readonly seq: number | undefined;
  /** Id of the key with which it was tried. */
  readonly keyId: string;

  constructor(key: Key, seq: number | undefined, keyId: string) {
    super(
      'DECRYPTION',
      `${showRecord(key, seq)} could not be decrypted: it was changed or moved, or the key under the id in \`keyId\` is another one now. Check the keys before you restore it from a backup.`,
    );
    this.key = key;
    this.seq = seq;
    this.keyId = keyId;
  }

  static override isInstance(error: unknown): error is DecryptionError {
    return LociError.isInstance(error) && error.code === 'DECRYPTION';
  }
}

/** A record in a message: `[…]`, or `Entry 3 of […]`. */
export function showRecord(key: Key, seq: number | undefined): string {
  return seq === undefined ? showKey(key) : `Entry ${seq} of ${showKey(key)}`;
}
