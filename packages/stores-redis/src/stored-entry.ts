import type { LogAppend, LogEntry } from '@loci/core';
import { DamagedRow, parseInteger, parseStored } from './parse-stored.js';

/** An entry as it is stored: moment, revision and id in one line, its body as JSON in the next. */
export function toStoredEntry(id: LogAppend['id'], text: string, at: number): string {
  return `${at} 0 ${JSON.stringify(id)}\n${text}`;
}

/** The inverse of `toStoredEntry`, or `DamagedRow`. */
export function fromStoredEntry(stored: unknown, seq: number): LogEntry {
  if (stored === null) throw new DamagedRow('it is missing');
  const end = typeof stored === 'string' ? stored.indexOf('\n') : -1;
  if (typeof stored !== 'string' || end < 0) throw new DamagedRow('it is not an entry');
  const [at, revision, ...rest] = stored.slice(0, end).split(' ');
  const id = parseStored(rest.join(' '), 'id');
  if (typeof id !== 'string') throw new DamagedRow('its id is not a text');
  return {
    id,
    seq,
    at: parseInteger(at, 'moment'),
    revision: parseInteger(revision, 'revision'),
    body: parseStored(stored.slice(end + 1), 'body'),
  };
}
