import { type Key, LociError } from '@loci/core';
import { showRecord } from './decryption-error.js';

/** Thrown when the key of a record was destroyed on purpose. The record can never be read again; deleting it tidies up. */
export class KeyErasedError extends LociError {
  readonly key: Key;
  /** Sequence number of the log entry; absent for a document. */
  readonly seq: number | undefined;
  /** Id of the key that was destroyed. */
  readonly keyId: string;

  constructor(key: Key, seq: number | undefined, keyId: string) {
    super(
      'KEY_ERASED',
      `${showRecord(key, seq)} was erased: its key was destroyed, so nobody can read it again. Delete it.`,
    );
    this.key = key;
    this.seq = seq;
    this.keyId = keyId;
  }

  static override isInstance(error: unknown): error is KeyErasedError {
    return LociError.isInstance(error) && error.code === 'KEY_ERASED';
  }
}
