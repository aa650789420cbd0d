import { type Clock, checkKey, checkRead, type Key, type LogEntry, type ReadOptions } from '@loci/core';
import type { Connection } from './connection.js';
import { type Database, type Row, toInteger } from './database.js';
import { findLog } from './find-log.js';
import { parseStored } from './parse-stored.js';
import { DamagedRow, toStoreError } from './sqlite-error.js';
import { fromStoredId } from './stored-id.js';

const pageRows = 256;
const pageCharacters = 1_000_000;

/** What is still to be read; `id` and the bounds are fixed with the first page. */
interface Range {
  readonly id: number;
  readonly first: number;
  readonly last: number;
}

/**
 * Reads a log a page at a time. Sees the log as long as it was at the first page: entries appended meanwhile belong to
 * the next read. A log that is deleted or expires meanwhile ends the reading, so entries of two logs never mix.
 */
export async function* readLog(
  connection: Connection,
  clock: Clock,
  key: Key,
  options: ReadOptions = {},
): AsyncGenerator<LogEntry, void, undefined> {
  connection.admit(options);
  checkKey(key);
  checkRead(options);
  const reverse = options.reverse === true;
  let range: Range | undefined;
  for (;;) {
    const read = (database: Database) => {
      const log = findLog(database, key, clock.now());
      if (!log || (range && log.id !== range.id)) return undefined;
      const wanted = range ?? toRange(log.id, log.seq, options);
      return { wanted, rows: readPage(database, wanted, reverse) };
    };
    const page = await connection.read(read, { ...options, key });
    if (!page) return;
    const { wanted, rows } = page;
    for (const [index, row] of rows.entries()) {
      connection.admit(options);
      yield toEntry(key, row, reverse ? wanted.last - index : wanted.first + index);
    }
    range = reverse
      ? { ...wanted, last: wanted.last - rows.length }
      : { ...wanted, first: wanted.first + rows.length };
    if (range.first > range.last) return;
    if (rows.length === 0) {
      throw toStoreError(new DamagedRow('it is missing', reverse ? range.last : range.first), key);
    }
    // Entries that are there already are handed out in microtasks: others get their turn between pages.
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function toRange(id: number, seq: number, { from = 1, to = seq, limit = seq, reverse }: ReadOptions): Range {
  const [first, last] = [Math.max(from, 1), Math.min(to, seq)];
  return reverse
    ? { id, first: Math.max(first, last - limit + 1), last }
    : { id, first, last: Math.min(last, first + limit - 1) };
}

/** The next rows, bounded by number and by size; at least one where there is one. */
function readPage(database: Database, { id, first, last }: Range, reverse: boolean): readonly Row[] {
  const rows: Row[] = [];
  if (first > last) return rows;
  let characters = 0;
  const sql = `select seq, at, revision, id, body from entries where log = ? and seq between ? and ?
    order by seq ${reverse ? 'desc' : 'asc'} limit ?`;
  for (const row of database.each(sql, id, first, last, pageRows)) {
    rows.push(row);
    characters += typeof row.body === 'string' ? row.body.length : 0;
    if (characters >= pageCharacters) break;
  }
  return rows;
}

function toEntry(key: Key, row: Row, seq: number): LogEntry {
  try {
    if (toInteger(row, 'seq') !== seq) throw new DamagedRow('it is missing');
    const body = parseStored(row, 'body');
    return {
      id: fromStoredId(row),
      seq,
      at: toInteger(row, 'at'),
      revision: toInteger(row, 'revision'),
      body,
    };
  } catch (error) {
    throw toStoreError(error instanceof DamagedRow ? new DamagedRow(error.message, seq) : error, key);
  }
}
