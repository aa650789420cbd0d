import {
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
import type { Connection } from './connection.js';
import { describeRecords, listKeys } from './lua/record-scripts.js';
import type { Names, Target } from './names.js';
import { parseInteger } from './parse-stored.js';
import { naming, toOutcome } from './reply.js';

const pageSize = 200;

/** Lists the live records under a prefix, a page at a time: the keys of an index, then what there is under them. */
export async function* listRecords(
  connection: Connection,
  names: Names,
  target: Target,
  prefix: Key,
  options: ListOptions = {},
): AsyncGenerator<Listed, void, undefined> {
  connection.admit(options);
  checkPrefix(prefix);
  if (options.after !== undefined) checkKey(options.after);
  checkRead(options);
  const signal = options.signal && { signal: options.signal };
  const index = names.index(target);
  let { from, below } = toRange(prefix);
  const after = options.after && encodeKey(options.after);
  if (after !== undefined && (prefix.length === 0 || after >= encodeKey(prefix))) from = `(${after}`;
  let left = options.limit ?? Number.POSITIVE_INFINITY;
  while (left > 0) {
    connection.admit(options);
    const call = { key: prefix, keys: [index], values: [from, below, pageSize], ...signal };
    const page = (await connection.run(listKeys, call)).map(String);
    if (page.length > 0) {
      const keys = [index, ...page.map((encoded) => names.record(target, encoded))];
      const rows = await connection.run(describeRecords, { key: prefix, keys, values: page, ...signal });
      for (const [position, encoded] of page.entries()) {
        connection.admit(options);
        const listed = toListed(encoded, rows[position]);
        if (!listed) continue;
        yield listed;
        left--;
        if (left <= 0) return;
      }
    }
    if (page.length < pageSize) return;
    from = `(${page.at(-1)}`;
  }
}

/** An encoded prefix ends with `/`, and `0` is the character after `/`. */
function toRange(prefix: Key): { from: string; below: string } {
  const from = encodeKey(prefix);
  return from === '' ? { from: '-', below: '+' } : { from: `[${from}`, below: `(${from.slice(0, -1)}0` };
}

function toListed(encoded: string, row: unknown): Listed | undefined {
  const key = toKey(encoded);
  const [outcome, updated, expires] = toOutcome(key, Array.isArray(row) ? row : []);
  if (outcome !== 'found') return undefined;
  return naming(key, undefined, () => ({
    key,
    updatedAt: parseInteger(updated, 'moment'),
    ...(expires !== '' && { expiresAt: parseInteger(expires, 'expiry') }),
  }));
}

function toKey(encoded: string): Key {
  try {
    return decodeKey(encoded);
  } catch {
    throw new DamagedRecordError([encoded], undefined, 'its key is not an encoded key');
  }
}
