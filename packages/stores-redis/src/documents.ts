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
import type { Settings } from './check-options.js';
import type { Connection } from './connection.js';
import { mayHaveApplied, showExpect, showVersion } from './document-version.js';
import { toExpiresAt, toExpiryArguments } from './expiry.js';
import { listRecords } from './list-records.js';
import { getDocument, putDocument } from './lua/document-scripts.js';
import { deleteRecord } from './lua/record-scripts.js';
import { parseInteger, parseStored } from './parse-stored.js';
import { naming, toOutcome } from './reply.js';
import type { Sweeper } from './sweep.js';

/** The `documents` of a store: one Redis hash per key. */
export function createDocuments(
  connection: Connection,
  sweeper: Sweeper,
  { clock, names, newEpoch, expireOnServer }: Settings,
): DocumentStore {
  /** The Redis keys that a write touches. */
  const keysOf = (key: Key) => [
    names.record('document', encodeKey(key)),
    names.index('document'),
    names.expiries,
  ];

  async function get(key: Key, options: IoOptions = {}): Promise<StoredDocument | undefined> {
    connection.admit(options);
    checkKey(key);
    const keys = [names.record('document', encodeKey(key))];
    const reply = await connection.run(getDocument, { ...options, key, keys, values: [] });
    const [outcome, ...fields] = toOutcome(key, reply);
    return outcome === 'found' ? naming(key, undefined, () => toDocument(key, fields)) : undefined;
  }

  async function put(key: Key, value: JsonValue, options: PutOptions): Promise<PutReceipt> {
    connection.admit(options);
    checkKey(key);
    checkPut(options);
    const text = toJsonText(value);
    const { expect, operationId, ttlMs, signal } = options;
    const values = [
      showExpect(expect),
      operationId,
      newEpoch(),
      text,
      ...toExpiryArguments(toExpiresAt(clock.now(), ttlMs), expireOnServer),
      encodeKey(key),
      names.member('document', key),
      names.channel,
    ];
    const call = { key, keys: keysOf(key), values, operationIds: [operationId], ...(signal && { signal }) };
    const [outcome, epoch, count] = toOutcome(key, await connection.run(putDocument, call));
    if (outcome === 'conflict')
      throw new ConflictError(key, { mayHaveApplied: mayHaveApplied(expect, String(epoch), Number(count)) });
    sweeper.afterWrite();
    return { version: showVersion(String(epoch), Number(count)), replayed: outcome === 'replayed' };
  }

  async function remove(key: Key, options: Parameters<DocumentStore['delete']>[1]): Promise<boolean> {
    connection.admit(options);
    checkKey(key);
    checkDelete(options);
    const { expect, signal } = options;
    const values = [showExpect(expect), encodeKey(key), names.member('document', key), names.channel];
    const call = { key, keys: keysOf(key), values, ...(signal && { signal }) };
    const [outcome] = toOutcome(key, await connection.run(deleteRecord, call));
    if (outcome === 'conflict') throw new ConflictError(key);
    return outcome === 'deleted';
  }

  return Object.freeze<DocumentStore>({
    get,
    put,
    delete: remove,
    list: (prefix, options) => listRecords(connection, names, 'document', prefix, options),
  });
}

function toDocument(key: Key, fields: readonly unknown[]): StoredDocument {
  const [epoch, count, expires, updated, text] = fields;
  return {
    key: [...key],
    value: parseStored(text, 'value'),
    version: showVersion(String(epoch), Number(count)),
    updatedAt: parseInteger(updated, 'moment'),
    ...(expires !== '' && { expiresAt: parseInteger(expires, 'expiry') }),
  };
}
