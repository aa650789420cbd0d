import { checkKey, encodeKey, type IoOptions, type Key, type LogHead, type LogStore } from '@loci/core';
import { createAppend } from './append.js';
import type { CallFunction } from './call-function.js';
import type { Settings } from './check-options.js';
import type { Connection } from './connection.js';
import { listRecords } from './list-records.js';
import { naming } from './naming.js';
import { parseInteger } from './parse-stored.js';
import { readLog } from './read-log.js';
import { createRewrite } from './rewrite.js';
import { hashOf } from './sql/tables.js';
import { fromStoredText } from './stored-text.js';
import type { Sweeper } from './sweep.js';

/** The `logs` of a store: a row for the head of each log, and one for each entry. */
export function createLogs(
  connection: Connection,
  call: CallFunction,
  sweeper: Sweeper,
  settings: Settings,
): LogStore {
  const { clock, names } = settings;
  const select = `select epoch, seq from ${names.logs}
    where hash = ${hashOf('$1')} and (expires_at is null or expires_at > $2)`;

  async function head(key: Key, options: IoOptions = {}): Promise<LogHead | undefined> {
    connection.admit(options);
    checkKey(key);
    const values = [encodeKey(key), Math.floor(clock.now())];
    const [row] = await connection.run({ ...options, key, text: select, values });
    if (!row) return undefined;
    return naming(key, undefined, () => ({
      epoch: fromStoredText(row['epoch'], 'epoch'),
      seq: parseInteger(row['seq'], 'seq'),
    }));
  }

  async function remove(key: Key, options: IoOptions = {}): Promise<boolean> {
    connection.admit(options);
    checkKey(key);
    const values = [encodeKey(key), Math.floor(clock.now())];
    const { outcome } = await call('delete_log', { ...options, key, values });
    return outcome === 'deleted';
  }

  return Object.freeze<LogStore>({
    append: createAppend(connection, call, sweeper, settings),
    read: (key, options) => readLog(connection, settings, key, options),
    head,
    rewrite: createRewrite(connection, call, settings),
    delete: remove,
    list: (prefix, options) => listRecords(connection, { clock, table: names.logs }, prefix, options),
  });
}
