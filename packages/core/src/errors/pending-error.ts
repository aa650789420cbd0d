import { showKey } from '../store/key.js';
import type { Key } from '../store/store.js';
import { hasCode, LociError } from './loci-error.js';

/** Thrown by what refers to a position (`reshape`, `fork`, `at`, `redact`) while entries are only queued and have none. */
export class PendingError extends LociError {
  readonly key: Key;

  constructor(key: Key) {
    super(
      'PENDING',
      `${showKey(key)} has entries that are queued and not yet stored. Try again when the store is back.`,
    );
    this.key = key;
  }

  static override isInstance(error: unknown): error is PendingError {
    return hasCode(error, 'PENDING');
  }
}
