import { checkKey, encodeKey, type IoOptions, type Key, type LogHead, type LogStore } from '@loci/core';
import { createAppend } from './append.js';
import { noteChange } from './changes.js';
import type { Settings } from './check-options.js';
import type { Connection } from './connection.js';
import { type Database, toInteger } from './database.js';
import { findLog } from './find-log.js';
import { listRecords } from './list-records.js';
import { readLog } from './read-log.js';
import { createRewrite } from './rewrite.js';
import { step } from './steps.js';

/** The `logs` of a store: a row for the head of each log, and one for each entry. */
export function createLogs(connection: Connection, settings: Settings): LogStore {
  const { clock } = settings;

  async function head(key: Key, options: IoOptions = {}): Promise<LogHead | undefined> {
    connection.admit(options);
    checkKey(key);
    const log = await connection.read((database) => findLog(database, key, clock.now()), { ...options, key });
    return log && { epoch: log.epoch, seq: log.seq };
  }

  async function remove(key: Key, options: IoOptions = {}): Promise<boolean> {
    connection.admit(options);
    checkKey(key);
    return connection.write((database) => deleteLog(database, key, clock.now()), { ...options, key });
  }

  return Object.freeze<LogStore>({
    append: createAppend(connection, settings),
    read: (key, options) => readLog(connection, clock, key, options),
    head,
    rewrite: createRewrite(connection, clock),
    delete: remove,
    list: (prefix, options) => listRecords(connection, clock, 'logs', prefix, options),
  });
}

function deleteLog(database: Database, key: Key, now: number): boolean {
  const encoded = encodeKey(key);
  const live = findLog(database, key, now) !== undefined;
  // An expired log is deleted too: who asks for a deletion need not wait for the sweep.
  const row = database.one('select id from logs where key = ?', encoded);
  if (!row) return false;
  const id = toInteger(row, 'id');
  database.run('delete from entries where log = ?', id);
  step('record-delete');
  database.run('delete from logs where id = ?', id);
  if (live) noteChange(database, 'log', encoded);
  return live;
}
