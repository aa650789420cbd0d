import type { JsonValue } from '@loci/core';

const format = 'loci-memory';
const version = 1;

/** What is stored, and what `exportMemory` returns: plain JSON. */
export type MemoryRecord = {
  readonly format: typeof format;
  /** Of this record's own shape. */
  readonly version: typeof version;
  /** Of the value. */
  readonly schema: { readonly id: string; readonly version: number };
  /** Epoch milliseconds of the first write; `null` where nothing was stored. */
  readonly createdAt: number | null;
  /** Epoch milliseconds of the newest change; `null` where nothing was stored. */
  readonly updatedAt: number | null;
  readonly value: JsonValue;
};

/** Why something is not a record that this memory reads; `known` names what it is instead, where that is known. */
export interface RecordProblem {
  readonly path: string;
  readonly reason: string;
  readonly known?: { readonly kind: string; readonly version: number };
}

export function createRecord(data: Omit<MemoryRecord, 'format' | 'version'>): MemoryRecord {
  const { schema, createdAt, updatedAt, value } = data;
  return { format, version, schema: { id: schema.id, version: schema.version }, createdAt, updatedAt, value };
}

/** A record as it is stored: with the name that its key does not tell. */
export function withName(record: MemoryRecord, name: string | undefined): JsonValue {
  return name === undefined ? record : { ...record, name };
}

/** The name that is stored with a record, however damaged the rest is. */
export function readName(stored: JsonValue): string | undefined {
  return isObject(stored) && typeof stored['name'] === 'string' ? stored['name'] : undefined;
}

/** The record in unknown data, of whatever schema version and its value unchecked, or what is wrong with it. */
export function parseRecord(
  data: unknown,
  schemaId: string,
): { readonly record: MemoryRecord } | { readonly problem: RecordProblem } {
  const problem = (path: string, reason: string, known?: RecordProblem['known']) => ({
    problem: { path, reason, ...(known ? { known } : {}) },
  });
  if (!isObject(data) || data['format'] !== format) return problem('format', `is not “${format}”`);
  if (!isVersion(data['version'])) return problem('version', 'is not a whole number from 1');
  if (data['version'] !== version) {
    return problem('version', `is not ${version}`, { kind: format, version: data['version'] });
  }
  const found = data['schema'];
  if (!isObject(found) || typeof found['id'] !== 'string') return problem('schema.id', 'is not a text');
  if (!isVersion(found['version'])) return problem('schema.version', 'is not a whole number from 1');
  const schema = { id: found['id'], version: found['version'] };
  if (schema.id !== schemaId) {
    const known = { kind: schema.id, version: schema.version };
    return problem('schema.id', 'is not the schemaId of this memory', known);
  }
  const { createdAt, updatedAt, value } = data;
  if (!isTime(createdAt)) return problem('createdAt', 'is neither a time nor null');
  if (!isTime(updatedAt)) return problem('updatedAt', 'is neither a time nor null');
  if (value === undefined) return problem('value', 'is missing');
  return { record: createRecord({ schema, createdAt, updatedAt, value: value as JsonValue }) };
}

function isObject(data: unknown): data is { readonly [name: string]: unknown } {
  return typeof data === 'object' && data !== null && !Array.isArray(data);
}

function isVersion(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 1;
}

function isTime(value: unknown): value is number | null {
  return value === null || (Number.isSafeInteger(value) && (value as number) >= 0);
}
