import { type Key, LociError } from '@loci/core';
import type { RotationReport, UnrotatedRecord } from './rotate.js';

/** Counts what a rotation did. */
export interface Tally {
  count(what: 'documents' | 'entries' | 'current', by?: number): void;
  fail(record: UnrotatedRecord): void;
  /** As `fail`, for an error about one record. Any other error is thrown again. */
  failWith(kind: UnrotatedRecord['kind'], key: Key, error: unknown, seq?: number): void;
  /** Whether the limit is reached. */
  isFull(): boolean;
  report(): RotationReport;
  /** Hands the report to the caller. */
  tell(): void;
}

const otherThanRecords = ['STORE_UNAVAILABLE', 'STORE_CLOSED', 'INVALID_INPUT', 'INVALID_KEY'];

export function createTally(
  limit: number,
  onProgress: ((report: RotationReport) => void) | undefined,
): Tally {
  const counts = { documents: 0, entries: 0, current: 0 };
  const failed: UnrotatedRecord[] = [];
  const isFull = () => counts.documents + counts.entries >= limit;
  const report = () => ({ ...counts, failed: [...failed], more: isFull() });
  return {
    isFull,
    report,
    count(what, by = 1) {
      counts[what] += by;
    },
    fail(record) {
      failed.push(record);
    },
    failWith(kind, key, error, seq) {
      if (!LociError.isInstance(error) || otherThanRecords.includes(error.code)) throw error;
      failed.push({ kind, key, code: error.code, ...(seq === undefined ? {} : { seq }) });
    },
    tell() {
      try {
        onProgress?.(report());
      } catch {
        // Watching the work must not be able to fail it.
      }
    },
  };
}
