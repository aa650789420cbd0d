import { encodeKey, type Key, type LogHead } from '@loci/core';
import { type Database, toInteger, toOptionalInteger, toText } from './database.js';

/** The head of a live log. */
export interface StoredLog extends LogHead {
  /** Names the log in the table of entries. Never used again, not even for the same key. */
  readonly id: number;
  readonly expiresAt: number | undefined;
}

/** Answers `undefined` where the log is absent or expired. */
export function findLog(database: Database, key: Key, now: number): StoredLog | undefined {
  const row = database.one(
    'select id, epoch, seq, expires_at from logs where key = ? and (expires_at is null or expires_at > ?)',
    encodeKey(key),
    now,
  );
  if (!row) return undefined;
  return {
    id: toInteger(row, 'id'),
    epoch: toText(row, 'epoch'),
    seq: toInteger(row, 'seq'),
    expiresAt: toOptionalInteger(row, 'expires_at'),
  };
}
