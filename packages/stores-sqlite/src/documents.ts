import {
  ConflictError,
  checkDelete,
  checkKey,
  checkPut,
  type DocumentStore,
  encodeKey,
  type IoOptions,
  type JsonValue,
  type Key,
  type PutOptions,
  type PutReceipt,
  type StoredDocument,
  toJsonText,
} from '@loci/core';
import { noteChange } from './changes.js';
import type { Settings } from './check-options.js';
import type { Connection } from './connection.js';
import { type Database, type Row, toInteger, toOptionalInteger } from './database.js';
import { matches, showVersion, toDocumentVersion } from './document-version.js';
import { toExpiresAt } from './expiry.js';
import { listRecords } from './list-records.js';
import { parseStored } from './parse-stored.js';
import { type PlannedPut, putDocument } from './put-document.js';
import { step } from './steps.js';

const selectLive = `select epoch, counter, updated_at, expires_at, value from documents
  where key = ? and (expires_at is null or expires_at > ?)`;

/** The `documents` of a store: one row per key. */
export function createDocuments(connection: Connection, { clock, randomId }: Settings): DocumentStore {
  async function get(key: Key, options: IoOptions = {}): Promise<StoredDocument | undefined> {
    connection.admit(options);
    checkKey(key);
    const find = (database: Database) => database.one(selectLive, encodeKey(key), clock.now());
    return connection.read((database) => toDocument(key, find(database)), { ...options, key });
  }

  async function put(key: Key, value: JsonValue, options: PutOptions): Promise<PutReceipt> {
    connection.admit(options);
    checkKey(key);
    checkPut(options);
    const text = toJsonText(value);
    const { expect, operationId, ttlMs, signal } = options;
    const task = (database: Database) => {
      const now = Math.floor(clock.now());
      const planned: PlannedPut = {
        key,
        text,
        expect,
        operationId,
        now,
        expiresAt: toExpiresAt(now, ttlMs),
        randomId,
      };
      return putDocument(database, planned);
    };
    return connection.write(task, { key, operationIds: [operationId], ...(signal && { signal }) });
  }

  async function remove(key: Key, options: Parameters<DocumentStore['delete']>[1]): Promise<boolean> {
    connection.admit(options);
    checkKey(key);
    checkDelete(options);
    const { expect, signal } = options;
    const task = (database: Database) => deleteDocument(database, key, expect, clock.now());
    return connection.write(task, { key, ...(signal && { signal }) });
  }

  return Object.freeze<DocumentStore>({
    get,
    put,
    delete: remove,
    list: (prefix, options) => listRecords(connection, clock, 'documents', prefix, options),
  });
}

function toDocument(key: Key, row: Row | undefined): StoredDocument | undefined {
  if (!row) return undefined;
  const expiresAt = toOptionalInteger(row, 'expires_at');
  return {
    key,
    value: parseStored(row, 'value'),
    version: showVersion(toDocumentVersion(row)),
    updatedAt: toInteger(row, 'updated_at'),
    ...(expiresAt !== undefined && { expiresAt }),
  };
}

function deleteDocument(database: Database, key: Key, expect: PutOptions['expect'], now: number): boolean {
  const encoded = encodeKey(key);
  const row = database.one(selectLive, encoded, now);
  // A damaged row can still be deleted: its version is only looked at where the caller names a state.
  if (expect !== 'any' && !matches(expect, row && toDocumentVersion(row))) throw new ConflictError(key);
  database.run('delete from documents where key = ?', encoded);
  step('record-delete');
  if (row) noteChange(database, 'document', encoded);
  return row !== undefined;
}
