import {
  type Clock,
  checkKey,
  checkPrefix,
  checkRead,
  decodeKey,
  encodeKey,
  InvalidKeyError,
  type Key,
  type Listed,
  type ListOptions,
} from '@loci/core';
import type { Connection } from './connection.js';
import { type Row, toInteger, toOptionalInteger, toText } from './database.js';
import { toRange } from './key-range.js';
import { DamagedRow, toStoreError } from './sqlite-error.js';

const pageRows = 200;

/** Lists the live records of one table under a prefix, a page at a time, so that no page holds up a writer. */
export async function* listRecords(
  connection: Connection,
  clock: Clock,
  table: 'documents' | 'logs',
  prefix: Key,
  options: ListOptions = {},
): AsyncGenerator<Listed, void, undefined> {
  connection.admit(options);
  checkPrefix(prefix);
  if (options.after !== undefined) checkKey(options.after);
  checkRead(options);
  const range = toRange(prefix);
  let from = range.from;
  // No encoded key has a character below `%`: with a space behind it, the bound lies between a key and the next one.
  if (options.after && encodeKey(options.after) >= from) from = `${encodeKey(options.after)} `;
  let left = options.limit ?? Number.POSITIVE_INFINITY;
  const sql = `select key, updated_at, expires_at from ${table}
    where key >= ? and key < ? and (expires_at is null or expires_at > ?) order by key limit ?`;
  while (left > 0) {
    connection.admit(options);
    const size = Math.min(left, pageRows);
    const rows = await connection.read(
      (database) => [...database.each(sql, from, range.below, clock.now(), size)],
      { ...options, key: prefix },
    );
    for (const row of rows) {
      connection.admit(options);
      yield toListed(row);
      from = `${toText(row, 'key')} `;
    }
    left -= rows.length;
    if (rows.length < size) return;
  }
}

function toListed(row: Row): Listed {
  const encoded = toText(row, 'key');
  try {
    const expiresAt = toOptionalInteger(row, 'expires_at');
    return {
      key: decodeKey(encoded),
      updatedAt: toInteger(row, 'updated_at'),
      ...(expiresAt !== undefined && { expiresAt }),
    };
  } catch (error) {
    const reason = InvalidKeyError.isInstance(error)
      ? new DamagedRow('its key is not an encoded key')
      : error;
    throw toStoreError(reason, [encoded]);
  }
}
