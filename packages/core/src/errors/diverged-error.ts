import { showKey } from '../store/key.js';
import type { Key } from '../store/store.js';
import { hasCode, LociError } from './loci-error.js';

/** Thrown with `input: 'whole'` when the history that was sent is not a continuation of the stored one. Nothing was stored. */
export class DivergedError extends LociError {
  readonly key: Key;
  /** How many messages the two histories have in common, from the start. */
  readonly common: number;

  constructor(key: Key, common: number) {
    super(
      'DIVERGED',
      `The history that was sent differs from ${showKey(key)} after ${common} messages. Send its continuation, or set onDiverged: 'fork'.`,
    );
    this.key = key;
    this.common = common;
  }

  static override isInstance(error: unknown): error is DivergedError {
    return hasCode(error, 'DIVERGED');
  }
}
