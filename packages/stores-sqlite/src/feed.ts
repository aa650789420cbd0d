import {
  type Change,
  type ChangeFeed,
  checkPrefix,
  decodeKey,
  InvalidInputError,
  type Key,
} from '@loci/core';
import type { Bell } from './bell.js';
import type { Settings } from './check-options.js';
import type { Connection } from './connection.js';
import { type Database, type Row, toInteger, toText } from './database.js';
import { type KeyRange, toRange } from './key-range.js';

interface Look {
  readonly newest: number;
  /** Changes were trimmed before they were looked at. */
  readonly missed: boolean;
  readonly rows: readonly Row[];
}

/** Follows the table of changes: at once for writes of this process, by polling for those of others. */
export function createFeed(
  connection: Connection,
  bell: Bell,
  { clock, pollIntervalMs }: Settings,
): ChangeFeed {
  function watch(prefix: Key, options: { readonly signal: AbortSignal }): AsyncIterable<Change> {
    const signal: unknown = options?.signal;
    if (!(signal instanceof AbortSignal))
      throw new InvalidInputError('options.signal', 'is not an AbortSignal');
    if (!signal.aborted) connection.admit(undefined);
    checkPrefix(prefix);
    const range = toRange(prefix);
    return follow([...prefix], range, AbortSignal.any([signal, connection.closing]));
  }

  async function* follow(
    prefix: Key,
    range: KeyRange,
    end: AbortSignal,
  ): AsyncGenerator<Change, void, undefined> {
    const look = (seen: number) =>
      connection.read((database) => lookFrom(database, seen, range), { key: prefix, signal: end });
    let rang = true;
    let wake = () => {};
    const stopListening = bell.listen(() => {
      rang = true;
      wake();
    });
    try {
      let seen = -1;
      while (!end.aborted) {
        rang = false;
        const { newest, missed, rows } = await look(seen);
        if (seen < 0 || missed) yield { type: 'resync' };
        else for (const row of rows) yield toChange(row);
        seen = newest;
        // A write of this process during the look or a yield has rung already; an abort then is not announced again.
        if (rows.length === 0 && !rang && !end.aborted) {
          await new Promise<void>((resolve) => {
            const cancel = clock.after(pollIntervalMs, () => wake());
            wake = () => {
              cancel();
              end.removeEventListener('abort', wake);
              resolve();
            };
            end.addEventListener('abort', wake);
          });
        }
      }
    } catch (error) {
      if (!end.aborted) throw error;
    } finally {
      stopListening();
    }
  }

  return Object.freeze<ChangeFeed>({ watch });
}

function lookFrom(database: Database, seen: number, range: KeyRange): Look {
  const bounds =
    database.one('select coalesce(min(seq), 1) as oldest, coalesce(max(seq), 0) as newest from changes') ??
    {};
  const newest = toInteger(bounds, 'newest');
  const missed = seen + 1 < toInteger(bounds, 'oldest');
  if (seen < 0 || missed || seen >= newest) return { newest, missed, rows: [] };
  const sql = `select target, key, max(seq) as newest from changes
    where seq > ? and key >= ? and key < ? group by target, key order by newest`;
  return { newest, missed, rows: [...database.each(sql, seen, range.from, range.below)] };
}

function toChange(row: Row): Change {
  const target = toText(row, 'target') === 'log' ? 'log' : 'document';
  return { type: 'changed', target, key: decodeKey(toText(row, 'key')) };
}
