import { DamagedRecordError, type JsonValue, type Key, UnknownVersionError } from '@loci/core';
import { fromBase64, toBase64 } from './base64.js';

const format = 'loci-subject-key';
const version = 1;

/** What the key store holds about one subject. */
export interface SubjectRecord {
  /** The key of what is written now; absent after it was destroyed. */
  readonly current?: { readonly id: string; readonly bytes: Uint8Array<ArrayBuffer> };
  /** Ids of the keys that were destroyed. */
  readonly erased: readonly string[];
}

export function toDocument({ current, erased }: SubjectRecord): JsonValue {
  const key = current && { id: current.id, key: toBase64(current.bytes) };
  return { format, version, erased, ...key };
}

/** Throws `DamagedRecordError` unless it is what `toDocument` makes, and `UnknownVersionError` for a later version. */
export function parseSubject(name: Key, value: JsonValue): SubjectRecord {
  const fields: ReadonlyMap<string, unknown> = new Map(
    typeof value === 'object' && value !== null ? Object.entries(value) : [],
  );
  const refuse = () => new DamagedRecordError(name, undefined, 'it is not the key of a subject');
  const [found, erased, id, key] = ['version', 'erased', 'id', 'key'].map((field) => fields.get(field));
  if (fields.get('format') !== format || typeof found !== 'number') throw refuse();
  if (found > version) throw new UnknownVersionError(name, format, found);
  if (found !== version || !Array.isArray(erased) || !erased.every((item) => typeof item === 'string'))
    throw refuse();
  if (id === undefined && key === undefined) return { erased };
  const bytes = typeof key === 'string' ? fromBase64(key) : undefined;
  if (typeof id !== 'string' || bytes?.length !== 32) throw refuse();
  return { current: { id, bytes }, erased };
}
