import { DamagedRecordError, encodeKey, type JsonValue, type Key, UnknownVersionError } from '@loci/core';
import { fromBase64, toBase64 } from './base64.js';

const format = 'loci-encrypted';
const version = 1;
const nonceBytes = 12;
const tagBytes = 16;

/** Which record a value belongs to. Bound to the ciphertext, all but the seq, which is not known when it is sealed. */
export interface Place {
  readonly key: Key;
  /** Of a log entry; absent for a document. */
  readonly entry?: { readonly id: string; readonly seq?: number };
}

/** What is stored instead of a value, parsed. */
export interface Envelope {
  readonly keyId: string;
  readonly nonce: Uint8Array<ArrayBuffer>;
  /** The ciphertext with its tag. */
  readonly data: Uint8Array<ArrayBuffer>;
}

/** A nonce of an envelope: 96 random bits, anew for every one. */
export function makeNonce(): Uint8Array<ArrayBuffer> {
  return crypto.getRandomValues(new Uint8Array(nonceBytes));
}

export function toStored({ keyId, nonce, data }: Envelope): JsonValue {
  return { format, version, key: keyId, nonce: toBase64(nonce), data: toBase64(data) };
}

/** Throws `DamagedRecordError` unless it is exactly what `toStored` makes, and `UnknownVersionError` for a later version. */
export function parseStored({ key, entry }: Place, stored: JsonValue): Envelope {
  const fields: ReadonlyMap<string, unknown> = new Map(
    typeof stored === 'object' && stored !== null ? Object.entries(stored) : [],
  );
  const refuse = (reason: string) => new DamagedRecordError(key, entry?.seq, reason);
  if (fields.get('format') !== format) throw refuse('it is not an encrypted record');
  const found = fields.get('version');
  if (typeof found === 'number' && Number.isSafeInteger(found) && found > version)
    throw new UnknownVersionError(key, format, found);
  const keyId = fields.get('key');
  const nonce = toBytes(fields.get('nonce'));
  const data = toBytes(fields.get('data'));
  if (
    fields.size !== 5 ||
    found !== version ||
    typeof keyId !== 'string' ||
    nonce?.length !== nonceBytes ||
    data === undefined ||
    data.length < tagBytes
  )
    throw refuse('its envelope is not what was written');
  return { keyId, nonce, data };
}

/** What is authenticated beside the value. A list of texts as JSON: no two places share it. */
export function toBinding({ key, entry }: Place, keyId: string): Uint8Array<ArrayBuffer> {
  const record = entry ? ['entry', encodeKey(key), entry.id] : ['document', encodeKey(key)];
  return new TextEncoder().encode(JSON.stringify([format, version, keyId, ...record]));
}

function toBytes(value: unknown): Uint8Array<ArrayBuffer> | undefined {
  return typeof value === 'string' ? fromBase64(value) : undefined;
}
