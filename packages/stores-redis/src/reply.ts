import { DamagedRecordError, type Key } from '@loci/core';
import { DamagedRow } from './parse-stored.js';

/** The reply of a script about one record: its outcome, then what belongs to it. Throws where the record is damaged. */
export function toOutcome(key: Key, reply: readonly unknown[]): readonly [string, ...unknown[]] {
  const [outcome, reason, seq] = reply;
  if (outcome === 'damaged')
    throw new DamagedRecordError(key, typeof seq === 'number' ? seq : undefined, String(reason));
  return [String(outcome), ...reply.slice(1)];
}

/** Runs `read`, and names the record where it finds that something is not what was written. */
export function naming<T>(key: Key, seq: number | undefined, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof DamagedRow ? new DamagedRecordError(key, seq, error.message) : error;
  }
}
