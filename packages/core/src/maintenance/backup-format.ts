import {
  type Check,
  count,
  id,
  list,
  oneOf,
  optional,
  present,
  shape,
  string,
  variants,
  want,
} from '../check.js';
import { hashText } from '../message/hash.js';
import type { JsonValue } from '../message/message.js';
import { checkKey, checkPrefix } from '../store/key.js';
import type { Key } from '../store/store.js';

/** A record, or one entry of a log. */
export interface RecordName {
  readonly kind: 'document' | 'log';
  readonly key: Key;
}

/**
 * What a backup had to leave out. With `seq`: that one entry, in whose place the restored log has an entry of the kind
 * `loci/lost`. Without: the document, or the log from the first entry that is not in the backup.
 */
export interface UnreadableRecord extends RecordName {
  readonly seq?: number;
  /** Of the error that reading it gave, for example `DAMAGED_RECORD`. */
  readonly code: string;
}

export const format = 'loci-backup';

/** The first line. */
export interface HeaderLine {
  readonly format: typeof format;
  readonly version: 1;
  readonly id: string;
  readonly createdAt: number;
  readonly prefix: Key;
}

export type BackupEntry = { readonly id: string; readonly body: JsonValue } | { readonly lost: string };

interface DocumentLine {
  readonly type: 'document';
  readonly key: Key;
  readonly expiresAt?: number;
  readonly value: JsonValue;
}
/** Its entries follow, in pages. */
interface LogLine {
  readonly type: 'log';
  readonly key: Key;
  readonly expiresAt?: number;
}
export interface EntriesLine {
  readonly type: 'entries';
  /** Seq of the first of them. */
  readonly from: number;
  readonly entries: readonly BackupEntry[];
}
/** The last line: without it a backup is cut off. */
export interface EndLine {
  readonly type: 'end';
  readonly documents: number;
  readonly logs: number;
  readonly entries: number;
  readonly unreadable: readonly UnreadableRecord[];
  /** Of all lines before. */
  readonly checksum: string;
}
export type BackupLine = DocumentLine | LogLine | EntriesLine | EndLine;

const key: Check = (value) => checkKey(value);
const kind = oneOf('document', 'log');
const record = { key, expiresAt: optional(count) };
const entry: Check = (value, path) =>
  shape(
    typeof value === 'object' && value !== null && Object.hasOwn(value, 'lost')
      ? { lost: string }
      : { id, body: present },
  )(value, path);

/** Throws `Mismatch` or `InvalidKeyError` unless the value is a header that can be read here. */
export const checkHeader = shape({
  format: oneOf(format),
  version: oneOf(1),
  id,
  createdAt: count,
  prefix: (value) => checkPrefix(value),
});

/** As `checkHeader`, for every later line. */
export const checkLine = variants('type', {
  document: shape({ ...record, value: present }),
  log: shape(record),
  entries: shape({
    from: count,
    entries: (value, path) => {
      list(entry)(value, path);
      want((value as readonly unknown[]).length > 0, path, 'a list of at least one entry');
    },
  }),
  end: shape({
    documents: count,
    logs: count,
    entries: count,
    unreadable: list(shape({ kind, key, seq: optional(count), code: string })),
    checksum: string,
  }),
});

/** What a line adds to the checksum of those before it; for noticing damage, not for security. */
export function addToChecksum(checksum: string, line: string): string {
  return hashText(`${checksum}\n${line}`);
}
