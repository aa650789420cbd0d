import { checkKey, checkRead, encodeKey, type Key, type LogEntry, type ReadOptions } from '@loci/core';
import type { Connection } from './connection.js';
import { readEntries } from './lua/log-scripts.js';
import type { Names } from './names.js';
import { DamagedRow } from './parse-stored.js';
import { naming, toOutcome } from './reply.js';
import { fromStoredEntry } from './stored-entry.js';

const pageEntries = 256;
const pageBytes = 1_000_000;

/** What is still to be read. */
interface Range {
  readonly first: number;
  readonly last: number;
  readonly left: number;
}

/**
 * Reads a log a page at a time. Sees the log as long as it was at the first page: entries appended meanwhile belong to
 * the next read. A log that is deleted or expires meanwhile ends the reading, so entries of two logs never mix.
 */
export async function* readLog(
  connection: Connection,
  names: Names,
  key: Key,
  options: ReadOptions = {},
): AsyncGenerator<LogEntry, void, undefined> {
  connection.admit(options);
  checkKey(key);
  checkRead(options);
  const reverse = options.reverse === true;
  const keys = [names.record('log', encodeKey(key))];
  let epoch = '';
  let range: Range = {
    first: Math.max(options.from ?? 1, 1),
    last: options.to ?? Number.MAX_SAFE_INTEGER,
    left: options.limit ?? Number.MAX_SAFE_INTEGER,
  };
  while (range.first <= range.last && range.left > 0) {
    connection.admit(options);
    const { first, last, left } = range;
    const values = [epoch, first, last, Math.min(left, pageEntries), pageBytes, reverse ? 1 : 0];
    const signal = options.signal && { signal: options.signal };
    const reply = await connection.run(readEntries, { key, keys, values, ...signal });
    const [outcome, found, count, ...page] = toOutcome(key, reply);
    if (outcome !== 'found') return;
    epoch = String(found);
    range = { ...range, last: Math.min(last, Number(count)) };
    if (range.first > range.last) return;
    const start = reverse ? range.last : range.first;
    if (page.length === 0) naming(key, start, missing);
    for (const [index, stored] of page.entries()) {
      connection.admit(options);
      const seq = reverse ? start - index : start + index;
      yield naming(key, seq, () => fromStoredEntry(stored, seq));
    }
    const rest = { ...range, left: left - page.length };
    range = reverse ? { ...rest, last: start - page.length } : { ...rest, first: start + page.length };
  }
}

function missing(): never {
  throw new DamagedRow('it is missing');
}
