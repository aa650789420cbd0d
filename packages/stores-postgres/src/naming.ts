import { DamagedRecordError, type Key } from '@loci/core';
import { DamagedRow } from './parse-stored.js';

/** Runs `read`, and names the record where it finds that something is not what was written. */
export function naming<T>(key: Key, seq: number | undefined, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof DamagedRow ? new DamagedRecordError(key, seq, error.message) : error;
  }
}
