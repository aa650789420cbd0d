import {
  type Clock,
  checkKey,
  checkPrefix,
  checkRead,
  DamagedRecordError,
  decodeKey,
  encodeKey,
  type Key,
  type Listed,
  type ListOptions,
} from '@loci/core';
import type { Row } from './backend.js';
import type { Connection } from './connection.js';
import { naming } from './naming.js';
import { parseInteger, parseOptionalInteger } from './parse-stored.js';
import { keyBeginning } from './sql/tables.js';

const pageRows = 200;

/** Lists the live records of a table under a prefix, a page at a time. */
export async function* listRecords(
  connection: Connection,
  { clock, table }: { readonly clock: Clock; readonly table: string },
  prefix: Key,
  options: ListOptions = {},
): AsyncGenerator<Listed, void, undefined> {
  connection.admit(options);
  checkPrefix(prefix);
  if (options.after !== undefined) checkKey(options.after);
  checkRead(options);
  const [key, from, below] = ['key', '$1', '$2'].map(keyBeginning);
  const text = `select key, updated_at, expires_at from ${table}
    where ${key} >= ${from} and ${key} <= ${below} and key >= $1 and key < $2
      and (expires_at is null or expires_at > $3)
    order by ${key}, key limit $4`;
  const range = toRange(prefix);
  let first = range.from;
  // No encoded key has a character below `%`: with a space behind it, the bound lies between a key and the next one.
  if (options.after && encodeKey(options.after) >= first) first = `${encodeKey(options.after)} `;
  let left = options.limit ?? Number.POSITIVE_INFINITY;
  while (left > 0) {
    connection.admit(options);
    const size = Math.min(left, pageRows);
    const values = [first, range.below, Math.floor(clock.now()), size];
    const signal = options.signal && { signal: options.signal };
    const rows = await connection.run({ key: prefix, text, values, ...signal });
    for (const row of rows) {
      connection.admit(options);
      yield toListed(row);
      first = `${row['key']} `;
    }
    left -= rows.length;
    if (rows.length < size) return;
  }
}

/** An encoded prefix ends with `/`, and `0` is the character after `/`. No encoded key begins with `~`. */
function toRange(prefix: Key): { readonly from: string; readonly below: string } {
  const from = encodeKey(prefix);
  return from === '' ? { from, below: '~' } : { from, below: `${from.slice(0, -1)}0` };
}

function toListed(row: Row): Listed {
  const key = toKey(String(row['key']));
  return naming(key, undefined, () => {
    const expiresAt = parseOptionalInteger(row['expires_at'], 'expiry');
    return {
      key,
      updatedAt: parseInteger(row['updated_at'], 'moment'),
      ...(expiresAt !== undefined && { expiresAt }),
    };
  });
}

function toKey(encoded: string): Key {
  try {
    return decodeKey(encoded);
  } catch {
    throw new DamagedRecordError([encoded], undefined, 'its key is not an encoded key');
  }
}
