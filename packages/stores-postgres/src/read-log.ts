import { checkKey, checkRead, encodeKey, type Key, type LogEntry, type ReadOptions } from '@loci/core';
import type { Row } from './backend.js';
import type { Settings } from './check-options.js';
import type { Connection } from './connection.js';
import { naming } from './naming.js';
import { DamagedRow, parseInteger, parseStored } from './parse-stored.js';
import { hashOf } from './sql/tables.js';
import { fromStoredText } from './stored-text.js';

const pageEntries = 256;
const pageBytes = 1_000_000;

/** What is still to be read; `id` names the log from the first page on. */
interface Range {
  readonly id: string | null;
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
  { clock, names }: Settings,
  key: Key,
  options: ReadOptions = {},
): AsyncGenerator<LogEntry, void, undefined> {
  connection.admit(options);
  checkKey(key);
  checkRead(options);
  const reverse = options.reverse === true;
  const text = toPage(names.logs, names.entries, reverse);
  let range: Range = {
    id: null,
    first: Math.max(options.from ?? 1, 1),
    last: options.to ?? Number.MAX_SAFE_INTEGER,
    left: options.limit ?? Number.MAX_SAFE_INTEGER,
  };
  while (range.first <= range.last && range.left > 0) {
    connection.admit(options);
    const { id, first, last, left } = range;
    const values = [encodeKey(key), Math.floor(clock.now()), id, first, last, Math.min(left, pageEntries)];
    const signal = options.signal && { signal: options.signal };
    const [head, ...rows] = await connection.run({ key, text, values, ...signal });
    if (!head) return;
    const newest = naming(key, undefined, () => parseInteger(head['seq'], 'length'));
    range = { ...range, id: String(head['log']), last: Math.min(last, newest) };
    if (range.first > range.last) return;
    const start = reverse ? range.last : range.first;
    if (rows.length === 0) naming(key, start, missing);
    for (const [index, row] of rows.entries()) {
      connection.admit(options);
      const seq = reverse ? start - index : start + index;
      yield naming(key, seq, () => toEntry(row, seq));
    }
    const rest = { ...range, left: left - rows.length };
    range = reverse ? { ...rest, last: start - rows.length } : { ...rest, first: start + rows.length };
  }
}

/**
 * One row for the log, then the next entries, bounded by number and by size; at least one where there is one. In one
 * statement, so that head and entries are of one moment.
 */
function toPage(logs: string, entries: string, reverse: boolean): string {
  const order = `order by seq ${reverse ? 'desc' : 'asc'}`;
  const before = `sum(octet_length(body)) over (${order} rows between unbounded preceding and 1 preceding)`;
  return `with head as (select id, seq from ${logs} where hash = ${hashOf('$1')}
      and (expires_at is null or expires_at > $2) and ($3::bigint is null or id = $3))
    select id as log, seq, null::bigint as at, null::bigint as revision, null as id, null as body from head
    union all select * from (
      select log, seq, at, revision, id, body from (
        select page.*, ${before} as before from (
          select entries.* from head join ${entries} as entries on entries.log = head.id
          where entries.seq between $4 and least($5::bigint, head.seq) order by entries.seq ${reverse ? 'desc' : 'asc'} limit $6
        ) as page
      ) as measured where coalesce(before, 0) < ${pageBytes} ${order}
    ) as bounded`;
}

function missing(): never {
  throw new DamagedRow('it is missing');
}

function toEntry(row: Row, seq: number): LogEntry {
  if (parseInteger(row['seq'], 'seq') !== seq) missing();
  return {
    id: fromStoredText(row['id'], 'id'),
    seq,
    at: parseInteger(row['at'], 'moment'),
    revision: parseInteger(row['revision'], 'revision'),
    body: parseStored(row['body'], 'body'),
  };
}
