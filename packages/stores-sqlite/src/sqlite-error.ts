import { DamagedRecordError, type Key, StoreUnavailableError } from '@loci/core';

const busy = 5;
const locked = 6;
const protocol = 15;
const corrupt = 11;
const cannotOpen = 14;
const constraint = 19;
const notDatabase = 26;

const reasons: { readonly [code: number]: string } = {
  3: 'its file may not be used by this process; check who owns it',
  7: 'there is not enough memory',
  8: 'its file or folder is read-only; make it writable',
  10: 'reading or writing its file failed; check the disk',
  [corrupt]: 'its file is damaged; restore it from a backup',
  13: 'the disk is full; free some space',
  [cannotOpen]: 'its file cannot be opened; check the folder and its permissions',
  [notDatabase]: 'its file is not an SQLite database; move it away or set another path',
};

/** Thrown where a stored row is not what was written; becomes a `DamagedRecordError` where the key is known. */
export class DamagedRow extends Error {
  readonly seq: number | undefined;

  constructor(reason: string, seq?: number) {
    super(reason);
    this.seq = seq;
  }
}

/** Whether another connection's lock is all that is in the way. */
export function isLocked(error: unknown): boolean {
  const code = toSqliteCode(error);
  // `protocol` is what a race at the opening of the write-ahead log ends in.
  return code === busy || code === locked || code === protocol;
}

/** Whether the file is not one of SQLite's. */
export function isNotDatabase(error: unknown): boolean {
  return toSqliteCode(error) === notDatabase;
}

/** What SQLite reports as an error of the store; everything else as it is. */
export function toStoreError(error: unknown, key: Key): unknown {
  if (error instanceof DamagedRow) return new DamagedRecordError(key, error.seq, error.message);
  if (error instanceof Error && 'code' in error && error.code === 'ERR_OUT_OF_RANGE') {
    return new DamagedRecordError(key, undefined, 'a number in it is too large');
  }
  const code = toSqliteCode(error);
  if (code === undefined) return error;
  // The head of a log that does not fit its entries: there is no other way to break a constraint.
  if (code === constraint) return new DamagedRecordError(key, undefined, 'its parts do not fit together');
  if (code === corrupt && key.length > 0)
    return new DamagedRecordError(key, undefined, 'its part of the file is damaged');
  return new StoreUnavailableError(reasons[code] ?? `SQLite reports error ${code}`, error);
}

/** The primary result code, without the extended part. */
function toSqliteCode(error: unknown): number | undefined {
  const code = error instanceof Error && 'errcode' in error ? error.errcode : undefined;
  return typeof code === 'number' ? code & 0xff : undefined;
}
