import {
  DamagedRecordError,
  type Expect,
  InvalidInputError,
  type IoOptions,
  type JsonValue,
  toJsonText,
  UnknownVersionError,
} from '@loci/core';
import { checkValue, parseValue } from './check-value.js';
import { InvalidDataError } from './errors/invalid-data-error.js';
import type { Settings } from './memory-options.js';
import { createRecord, type MemoryRecord, parseRecord } from './record.js';

/** What a memory holds at one moment; its value is frozen and fits the schema. */
export interface State {
  readonly record: MemoryRecord;
  /** What a write expects that is made on this state. */
  readonly expect: Expect;
}

/**
 * Reads the state, the initial one where nothing is stored. Rejects with `UnknownVersionError` or `DamagedRecordError`
 * where there is something that this memory cannot read.
 */
export function createStateReader(settings: Settings): (io: IoOptions) => Promise<State> {
  const { store, key, schema, recordSchema, maxBytes } = settings;
  let initial: MemoryRecord | undefined;

  async function readInitial(): Promise<MemoryRecord> {
    const given = typeof settings.initial === 'function' ? settings.initial() : settings.initial;
    const { value } = await checkValue(schema, toJsonText(given, 'options.initial'), maxBytes);
    return createRecord({ schema: recordSchema, createdAt: null, updatedAt: null, value });
  }

  return async (io) => {
    const stored = await store.documents.get(key, io);
    if (!stored) {
      const made = initial ?? (await readInitial());
      // Another call may have made one meanwhile; all of them answer the first.
      initial ??= made;
      return { record: initial, expect: 'absent' };
    }
    initial = undefined;
    const parsed = parseRecord(stored.value, recordSchema);
    if ('problem' in parsed) {
      const { known, path, reason } = parsed.problem;
      if (known) throw new UnknownVersionError(key, known.kind, known.version);
      throw new DamagedRecordError(key, undefined, `its ${path} ${reason}`);
    }
    const value = await readValue(parsed.record.value);
    return { record: { ...parsed.record, value }, expect: { version: stored.version } };
  };

  async function readValue(value: JsonValue): Promise<JsonValue> {
    try {
      return (await parseValue(schema, JSON.stringify(value))).value;
    } catch (error) {
      // Without what the schema says, which may quote the value.
      if (InvalidDataError.isInstance(error) || InvalidInputError.isInstance(error)) {
        throw new DamagedRecordError(key, undefined, 'its value does not fit the schema of its version');
      }
      throw error;
    }
  }
}
