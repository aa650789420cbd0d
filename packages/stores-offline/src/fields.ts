import { checkKey, DamagedRecordError, type JsonValue, type Key } from '@loci/core';

/** Reads a record of the journal; rejects what was not written there with `DamagedRecordError`. */
export interface Fields {
  text(name: string): string;
  /** A whole number from 0. */
  count(name: string): number;
  number(name: string): number;
  json(name: string): JsonValue;
  key(name: string): Key;
  list(name: string): readonly Fields[];
  record(name: string): Fields;
  /** `undefined` where the property is not there. */
  optional<T>(name: string, read: (name: string) => T): T | undefined;
  damaged(reason: string): DamagedRecordError;
}

export function readFields(place: Key, data: unknown): Fields {
  const damaged = (reason: string) => new DamagedRecordError(place, undefined, reason);
  if (typeof data !== 'object' || data === null || Array.isArray(data)) throw damaged('it is not an object');
  const values = new Map<string, unknown>(Object.entries(data));
  const get = (name: string, is: (value: unknown) => boolean, what: string) => {
    const value = values.get(name);
    if (!is(value)) throw damaged(`its ${name} is not ${what}`);
    return value;
  };
  return {
    damaged,
    text: (name) => String(get(name, (value) => typeof value === 'string', 'a text')),
    count: (name) =>
      Number(get(name, (value) => Number.isSafeInteger(value) && Number(value) >= 0, 'a count')),
    number: (name) => Number(get(name, Number.isFinite, 'a number')),
    // The store parsed it, so it is JSON whatever it is.
    json: (name) => get(name, (value) => value !== undefined, 'there') as JsonValue,
    key(name) {
      const value = get(name, Array.isArray, 'a key') as Key;
      try {
        checkKey(value);
      } catch {
        throw damaged(`its ${name} is not a key`);
      }
      return value;
    },
    list(name) {
      const items = get(name, Array.isArray, 'a list') as readonly unknown[];
      return items.map((item) => readFields(place, item));
    },
    record: (name) => readFields(place, values.get(name)),
    optional: (name, read) => (values.has(name) ? read(name) : undefined),
  };
}
