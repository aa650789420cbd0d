import { showKey } from '../store/key.js';
import type { Key } from '../store/store.js';
import { hasCode, LociError } from './loci-error.js';

/** Thrown when a write names a state (`expect`, entry ids) that is not the stored one. Nothing was written by this call. */
export class ConflictError extends LociError {
  readonly key: Key;
  /**
   * True where an earlier attempt with the same operation id may have been applied and the store no longer knows.
   * It matters to a repeat after a lost answer: report it, and do not run the operation again. A caller whose every
   * attempt was answered can ignore it.
   */
  readonly mayHaveApplied: boolean;

  constructor(key: Key, details: { readonly reason?: string; readonly mayHaveApplied?: boolean } = {}) {
    const reason = details.reason ?? 'someone else changed it first';
    super('CONFLICT', `Nothing was written to ${showKey(key)}: ${reason}. Read it again and retry.`);
    this.key = key;
    this.mayHaveApplied = details.mayHaveApplied ?? false;
  }

  static override isInstance(error: unknown): error is ConflictError {
    return hasCode(error, 'CONFLICT');
  }
}
