import {
  type Clock,
  checkKey,
  encodeKey,
  InvalidInputError,
  type Key,
  type LogAppend,
  type LogStore,
  toJsonText,
} from '@loci/core';
import { noteChange } from './changes.js';
import type { Connection } from './connection.js';
import type { Database } from './database.js';
import { findLog } from './find-log.js';
import { step } from './steps.js';
import { toStoredId } from './stored-id.js';

type Replacement = LogAppend & { readonly revision: number };

interface PlannedRewrite {
  readonly id: string;
  readonly revision: number;
  readonly text: string;
}

/** `rewrite` of a log: each entry on its own condition, all in one transaction. */
export function createRewrite(connection: Connection, clock: Clock): LogStore['rewrite'] {
  return async (key, entries, options = {}) => {
    connection.admit(options);
    checkKey(key);
    const planned = toPlanned(entries);
    const task = (database: Database) => rewrite(database, key, planned, Math.floor(clock.now()));
    return connection.write(task, { ...options, key });
  };
}

function toPlanned(entries: readonly Replacement[]): readonly PlannedRewrite[] {
  if (!Array.isArray(entries)) throw new InvalidInputError('entries', 'must be a list');
  return entries.map((entry: Replacement, index) => {
    const path = `entries[${index}]`;
    if (typeof entry?.id !== 'string')
      throw new InvalidInputError(`${path}.id`, 'must be the id of an entry');
    if (!Number.isSafeInteger(entry.revision) || entry.revision < 0) {
      throw new InvalidInputError(`${path}.revision`, 'must be a whole number from 0');
    }
    return { id: entry.id, revision: entry.revision, text: toJsonText(entry.body, `${path}.body`) };
  });
}

function rewrite(
  database: Database,
  key: Key,
  entries: readonly PlannedRewrite[],
  now: number,
): readonly string[] {
  const log = findLog(database, key, now);
  if (!log) return [];
  const written = entries.filter(({ id, revision, text }) => {
    const changes = database.run(
      'update entries set body = ?, revision = revision + 1 where log = ? and id = ? and revision = ?',
      text,
      log.id,
      toStoredId(id),
      revision,
    );
    step('entry-rewrite');
    return changes > 0;
  });
  if (written.length === 0) return [];
  database.run('update logs set updated_at = ? where id = ?', now, log.id);
  noteChange(database, 'log', encodeKey(key));
  return written.map((entry) => entry.id);
}
