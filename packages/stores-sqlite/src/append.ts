import {
  type AppendOptions,
  type AppendReceipt,
  ConflictError,
  checkAppend,
  checkKey,
  encodeKey,
  type Key,
  type LogAppend,
  type LogStore,
  toJsonText,
} from '@loci/core';
import { noteChange } from './changes.js';
import type { Settings } from './check-options.js';
import type { Connection } from './connection.js';
import { type Database, toInteger } from './database.js';
import { toExpiresAt } from './expiry.js';
import { findLog, type StoredLog } from './find-log.js';
import { step } from './steps.js';
import { toStoredId } from './stored-id.js';
import { discardLog } from './sweep.js';

interface PlannedEntry {
  readonly id: string;
  readonly text: string;
}

interface PlannedAppend {
  readonly key: Key;
  readonly entries: readonly PlannedEntry[];
  readonly expect: AppendOptions['expect'];
  readonly ttlMs: number | undefined;
}

/** `append` of a log: one transaction, whose cost does not depend on the length of the log. */
export function createAppend(connection: Connection, { clock, randomId }: Settings): LogStore['append'] {
  return async (key, entries, options = {}) => {
    connection.admit(options);
    checkKey(key);
    checkAppend(entries, options);
    const { expect, ttlMs, signal } = options;
    const planned = { key, entries: toPlanned(entries), expect, ttlMs };
    const operationIds = planned.entries.map((entry) => entry.id);
    const task = (database: Database) => append(database, planned, Math.floor(clock.now()), randomId);
    return connection.write(task, { key, operationIds, ...(signal && { signal }) });
  };
}

function toPlanned(entries: readonly LogAppend[]): readonly PlannedEntry[] {
  return entries.map(({ id, body }, index) => ({ id, text: toJsonText(body, `entries[${index}].body`) }));
}

function append(
  database: Database,
  planned: PlannedAppend,
  now: number,
  randomId: () => string,
): AppendReceipt {
  const { key, entries, expect } = planned;
  const log = findLog(database, key, now);
  const seqs = log ? findSeqs(database, log, entries) : [];
  if (log && seqs.length === entries.length) {
    const [firstSeq, lastSeq] = toBounds(seqs);
    return { epoch: log.epoch, firstSeq, lastSeq, outcome: 'replayed' };
  }
  if (seqs.length > 0)
    throw new ConflictError(key, { reason: 'some of these entries are already in the log' });
  if (!matches(expect, log)) throw new ConflictError(key);
  const expiresAt = toExpiresAt(now, planned.ttlMs) ?? log?.expiresAt;
  const { id, epoch, seq } = log ?? createLog(database, key, now, randomId());
  for (const [index, entry] of entries.entries()) {
    database.run(
      'insert into entries (log, seq, at, revision, id, body) values (?, ?, ?, 0, ?, ?)',
      id,
      seq + 1 + index,
      now,
      toStoredId(entry.id),
      entry.text,
    );
    step('entry-insert');
  }
  const lastSeq = seq + entries.length;
  database.run(
    'update logs set seq = ?, updated_at = ?, expires_at = ? where id = ?',
    lastSeq,
    now,
    expiresAt ?? null,
    id,
  );
  noteChange(database, 'log', encodeKey(key));
  return { epoch, firstSeq: seq + 1, lastSeq, outcome: 'appended' };
}

/** The stored seqs of those entries that are already in the log. */
function findSeqs(database: Database, log: StoredLog, entries: readonly PlannedEntry[]): readonly number[] {
  return entries.flatMap(({ id }) => {
    const row = database.one('select seq from entries where log = ? and id = ?', log.id, toStoredId(id));
    return row ? [toInteger(row, 'seq')] : [];
  });
}

function toBounds(seqs: readonly number[]): readonly [number, number] {
  let [first, last] = [Number.POSITIVE_INFINITY, 0];
  for (const seq of seqs) [first, last] = [Math.min(first, seq), Math.max(last, seq)];
  return [first, last];
}

function matches(expect: AppendOptions['expect'], log: StoredLog | undefined): boolean {
  if (expect === undefined) return true;
  if (expect === 'absent') return log === undefined;
  return log !== undefined && expect.epoch === log.epoch && expect.seq === log.seq;
}

function createLog(database: Database, key: Key, now: number, epoch: string): StoredLog {
  const encoded = encodeKey(key);
  const expired = database.one('select id from logs where key = ?', encoded);
  if (expired) discardLog(database, toInteger(expired, 'id'));
  const row = database.one(
    'insert into logs (key, epoch, seq, updated_at) values (?, ?, 0, ?) returning id',
    encoded,
    epoch,
    now,
  );
  return { id: toInteger(row ?? {}, 'id'), epoch, seq: 0, expiresAt: undefined };
}
