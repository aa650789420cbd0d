import { checkKey, encodeKey, type IoOptions, type Key, type LogHead, type LogStore } from '@loci/core';
import { createAppend } from './append.js';
import type { Settings } from './check-options.js';
import type { Connection } from './connection.js';
import { listRecords } from './list-records.js';
import { readHead } from './lua/log-scripts.js';
import { deleteRecord } from './lua/record-scripts.js';
import { readLog } from './read-log.js';
import { toOutcome } from './reply.js';
import { createRewrite } from './rewrite.js';
import type { Sweeper } from './sweep.js';

/** The `logs` of a store: one Redis hash per log. */
export function createLogs(connection: Connection, sweeper: Sweeper, settings: Settings): LogStore {
  const { names } = settings;

  async function head(key: Key, options: IoOptions = {}): Promise<LogHead | undefined> {
    connection.admit(options);
    checkKey(key);
    const keys = [names.record('log', encodeKey(key))];
    const reply = await connection.run(readHead, { ...options, key, keys, values: [] });
    const [outcome, epoch, seq] = toOutcome(key, reply);
    return outcome === 'found' ? { epoch: String(epoch), seq: Number(seq) } : undefined;
  }

  async function remove(key: Key, options: IoOptions = {}): Promise<boolean> {
    connection.admit(options);
    checkKey(key);
    const keys = [names.record('log', encodeKey(key)), names.index('log'), names.expiries];
    const values = ['any', encodeKey(key), names.member('log', key), names.channel];
    const [outcome] = toOutcome(key, await connection.run(deleteRecord, { ...options, key, keys, values }));
    return outcome === 'deleted';
  }

  return Object.freeze<LogStore>({
    append: createAppend(connection, sweeper, settings),
    read: (key, options) => readLog(connection, names, key, options),
    head,
    rewrite: createRewrite(connection, names),
    delete: remove,
    list: (prefix, options) => listRecords(connection, names, 'log', prefix, options),
  });
}
