import {
  ConflictError,
  checkDelete,
  checkKey,
  checkPut,
  DamagedRecordError,
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
import type { Row } from './backend.js';
import type { CallFunction } from './call-function.js';
import type { Settings } from './check-options.js';
import type { Connection } from './connection.js';
import { mayHaveApplied, showExpect, showVersion } from './document-version.js';
import { toExpiresAt } from './expiry.js';
import { listRecords } from './list-records.js';
import { naming } from './naming.js';
import { parseInteger, parseOptionalInteger, parseStored } from './parse-stored.js';
import { hashOf } from './sql/tables.js';
import { fromStoredText, toStoredText } from './stored-text.js';
import type { Sweeper } from './sweep.js';

/** The `documents` of a store: one row per key. */
export function createDocuments(
  connection: Connection,
  call: CallFunction,
  sweeper: Sweeper,
  { clock, names, randomId }: Settings,
): DocumentStore {
  const select = `select epoch, counter, updated_at, expires_at, value from ${names.documents}
    where hash = ${hashOf('$1')} and (expires_at is null or expires_at > $2)`;

  async function get(key: Key, options: IoOptions = {}): Promise<StoredDocument | undefined> {
    connection.admit(options);
    checkKey(key);
    const values = [encodeKey(key), Math.floor(clock.now())];
    const [row] = await connection.run({ ...options, key, text: select, values });
    return row && naming(key, undefined, () => toDocument(key, row));
  }

  async function put(key: Key, value: JsonValue, options: PutOptions): Promise<PutReceipt> {
    connection.admit(options);
    checkKey(key);
    checkPut(options);
    const text = toJsonText(value);
    const { expect, operationId, ttlMs, signal } = options;
    const now = Math.floor(clock.now());
    const row = await call('put_document', {
      key,
      values: [
        encodeKey(key),
        now,
        toStoredText(showExpect(expect)),
        toStoredText(operationId),
        toStoredText(randomId()),
        toExpiresAt(now, ttlMs),
        text,
      ],
      operationIds: [operationId],
      ...(signal && { signal }),
    });
    const { outcome } = row;
    if (outcome === 'damaged')
      throw new DamagedRecordError(key, undefined, 'its operation ids are not those of its newest versions');
    const { epoch, count } = naming(key, undefined, () => ({
      epoch: fromStoredText(row['v_epoch'], 'epoch'),
      count: parseInteger(row['v_counter'], 'counter'),
    }));
    if (outcome === 'conflict')
      throw new ConflictError(key, { mayHaveApplied: mayHaveApplied(expect, epoch, count) });
    sweeper.afterWrite();
    return { version: showVersion(epoch, count), replayed: outcome === 'replayed' };
  }

  async function remove(key: Key, options: Parameters<DocumentStore['delete']>[1]): Promise<boolean> {
    connection.admit(options);
    checkKey(key);
    checkDelete(options);
    const { expect, signal } = options;
    const values = [encodeKey(key), Math.floor(clock.now()), toStoredText(showExpect(expect))];
    const { outcome } = await call('delete_document', { key, values, ...(signal && { signal }) });
    if (outcome === 'conflict') throw new ConflictError(key);
    return outcome === 'deleted';
  }

  return Object.freeze<DocumentStore>({
    get,
    put,
    delete: remove,
    list: (prefix, options) => listRecords(connection, { clock, table: names.documents }, prefix, options),
  });
}

function toDocument(key: Key, row: Row): StoredDocument {
  const expiresAt = parseOptionalInteger(row['expires_at'], 'expiry');
  return {
    key: [...key],
    value: parseStored(row['value'], 'value'),
    version: showVersion(fromStoredText(row['epoch'], 'epoch'), parseInteger(row['counter'], 'counter')),
    updatedAt: parseInteger(row['updated_at'], 'moment'),
    ...(expiresAt !== undefined && { expiresAt }),
  };
}
