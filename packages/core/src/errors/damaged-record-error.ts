import { showKey } from '../store/key.js';
import type { Key } from '../store/store.js';
import { hasCode, LociError } from './loci-error.js';

/** Thrown when a stored record is not what was written there. Nothing is changed; the other records can still be read. */
export class DamagedRecordError extends LociError {
  readonly key: Key;
  /** Sequence number of the damaged log entry; absent for a document. */
  readonly seq: number | undefined;
  readonly reason: string;

  constructor(key: Key, seq: number | undefined, reason: string) {
    const where = seq === undefined ? showKey(key) : `entry ${seq} of ${showKey(key)}`;
    super(
      'DAMAGED_RECORD',
      `The record ${where} is damaged (${reason}). Restore it from a backup or delete it.`,
    );
    this.key = key;
    this.seq = seq;
    this.reason = reason;
  }

  static override isInstance(error: unknown): error is DamagedRecordError {
    return hasCode(error, 'DAMAGED_RECORD');
  }
}
