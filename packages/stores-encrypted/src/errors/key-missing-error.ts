import { type Key, LociError } from '@loci/core';
import { showRecord } from './decryption-error.js';

/** Thrown when a record was encrypted with a key that is not known here. Nothing is changed; with the key it can be read. */
export class KeyMissingError extends LociError {
  readonly key: Key;
  /** Sequence number of the log entry; absent for a document. */
  readonly seq: number | undefined;
  /** Id of the key that is missing. */
  readonly keyId: string;

  constructor(key: Key, seq: number | undefined, keyId: string) {
    super(
      'KEY_MISSING',
      `${showRecord(key, seq)} cannot be read: the key that encrypted it is not known here. Add the key whose id is in \`keyId\`.`,
    );
    this.key = key;
    this.seq = seq;
    this.keyId = keyId;
  }

  static override isInstance(error: unknown): error is KeyMissingError {
    return LociError.isInstance(error) && error.code === 'KEY_MISSING';
  }
}
