import { ConflictError, type Expect, encodeKey, type Key, type PutReceipt } from '@loci/core';
import { noteChange } from './changes.js';
import { type Database, type Row, toInteger, toOptionalInteger } from './database.js';
import {
  type DocumentVersion,
  keptOperations,
  matches,
  mayHaveApplied,
  showVersion,
  toDocumentVersion,
} from './document-version.js';
import { parseStored } from './parse-stored.js';
import { DamagedRow } from './sqlite-error.js';
import { step } from './steps.js';

/** A `put` whose input has been checked. */
export interface PlannedPut {
  readonly key: Key;
  readonly text: string;
  readonly expect: Expect;
  readonly operationId: string;
  readonly now: number;
  /** Absent: stays as it is. */
  readonly expiresAt: number | undefined;
  readonly randomId: () => string;
}

interface Stored extends DocumentVersion {
  /** Of the newest versions, newest first. */
  readonly operations: readonly string[];
  readonly expiresAt: number | undefined;
}

/** Writes one document inside a transaction, unless the operation was applied before or the expectation fails. */
export function putDocument(database: Database, put: PlannedPut): PutReceipt {
  const encoded = encodeKey(put.key);
  const stored = findStored(database, encoded, put.now);
  const age = stored?.operations.indexOf(put.operationId) ?? -1;
  if (stored && age >= 0) {
    return { version: showVersion({ epoch: stored.epoch, counter: stored.counter - age }), replayed: true };
  }
  if (!matches(put.expect, stored)) {
    throw new ConflictError(put.key, { mayHaveApplied: mayHaveApplied(put.expect, stored) });
  }
  const next = stored
    ? { epoch: stored.epoch, counter: stored.counter + 1 }
    : { epoch: put.randomId(), counter: 1 };
  const operations = [put.operationId, ...(stored?.operations ?? [])].slice(0, keptOperations);
  database.run(
    `insert into documents (key, epoch, counter, updated_at, expires_at, operations, value) values (?, ?, ?, ?, ?, ?, ?)
     on conflict (key) do update set epoch = excluded.epoch, counter = excluded.counter,
       updated_at = excluded.updated_at, expires_at = excluded.expires_at, operations = excluded.operations,
       value = excluded.value`,
    encoded,
    next.epoch,
    next.counter,
    put.now,
    put.expiresAt ?? stored?.expiresAt ?? null,
    JSON.stringify(operations),
    put.text,
  );
  step('document-put');
  noteChange(database, 'document', encoded);
  return { version: showVersion(next), replayed: false };
}

function findStored(database: Database, encoded: string, now: number): Stored | undefined {
  const row = database.one(
    'select epoch, counter, expires_at, operations from documents where key = ? and (expires_at is null or expires_at > ?)',
    encoded,
    now,
  );
  if (!row) return undefined;
  const expiresAt = toOptionalInteger(row, 'expires_at');
  return { ...toDocumentVersion(row), expiresAt, operations: toOperations(row, toInteger(row, 'counter')) };
}

function toOperations(row: Row, counter: number): readonly string[] {
  const list = parseStored(row, 'operations');
  if (!Array.isArray(list) || list.length !== Math.min(counter, keptOperations)) {
    throw new DamagedRow('its operations are not those of its newest versions');
  }
  return list.map((id) => {
    if (typeof id !== 'string') throw new DamagedRow('one of its operations is not a text');
    return id;
  });
}
