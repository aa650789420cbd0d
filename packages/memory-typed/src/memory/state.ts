import {
  DamagedRecordError,
  type Expect,
  InvalidInputError,
  type IoOptions,
  type JsonValue,
  toJsonText,
  UnknownVersionError,
} from '@loci/core';
import { InvalidDataError } from '../errors/invalid-data-error.js';
import { MigrationError } from '../errors/migration-error.js';
import { checkValue, parseValue } from '../value/check-value.js';
import { redactValue } from '../value/redact-value.js';
import type { Settings } from './memory-options.js';
import { leads, migrate } from './migrations.js';
import { createRecord, type MemoryRecord, parseRecord } from './record.js';

/** What a memory holds at one moment; its value is frozen, of the current version, redacted, and fits the schema. */
export interface State {
  readonly record: MemoryRecord;
  readonly isStored: boolean;
  /** What a write expects that is made on this state. */
  readonly expect: Expect;
}

export interface StateReader {
  /**
   * Reads the state, the initial one where nothing is stored. Rejects with `UnknownVersionError`, `MigrationError` or
   * `DamagedRecordError` where there is something that this memory cannot read.
   */
  read(io: IoOptions): Promise<State>;
  /** The same of what somebody else has read. */
  parse(stored: JsonValue | undefined): Promise<Omit<State, 'expect'>>;
}

export function createStateReader(settings: Settings): StateReader {
  const { store, key, schema, recordSchema, migrations, redact } = settings;
  let initial: MemoryRecord | undefined;

  async function readInitial(): Promise<MemoryRecord> {
    const given = typeof settings.initial === 'function' ? settings.initial() : settings.initial;
    const { value } = await checkValue(settings, toJsonText(given, 'options.initial'));
    return createRecord({ schema: recordSchema, createdAt: null, updatedAt: null, value });
  }

  async function parse(stored: JsonValue | undefined) {
    if (stored === undefined) {
      const made = initial ?? (await readInitial());
      // Another call may have made one meanwhile; all of them answer the first.
      initial ??= made;
      return { record: initial, isStored: false };
    }
    initial = undefined;
    const parsed = parseRecord(stored, recordSchema.id);
    if ('problem' in parsed) {
      const { known, path, reason } = parsed.problem;
      if (known) throw new UnknownVersionError(key, known.kind, known.version);
      throw new DamagedRecordError(key, undefined, `its ${path} ${reason}`);
    }
    const { record } = parsed;
    const [from, to] = [record.schema.version, recordSchema.version];
    if (!leads(migrations, from, to)) throw new UnknownVersionError(key, record.schema.id, from);
    const current = await migrate(migrations, key, record.value, from, to);
    const value = await readValue(current, { from, to });
    return { record: createRecord({ ...record, schema: recordSchema, value }), isStored: true };
  }

  return {
    parse,
    async read(io) {
      const stored = await store.documents.get(key, io);
      const state = await parse(stored?.value);
      return { ...state, expect: stored ? { version: stored.version } : 'absent' };
    },
  };

  async function readValue(
    current: JsonValue,
    way: { readonly from: number; readonly to: number },
  ): Promise<JsonValue> {
    const value = await fit(JSON.stringify(current), () =>
      way.from === way.to
        ? new DamagedRecordError(key, undefined, 'its value does not fit the schema of its version')
        : new MigrationError(key, way, 'what the steps made does not fit the schema'),
    );
    // What was stored before there was a redaction.
    const text = JSON.stringify(value);
    const clean = redactValue(redact, text);
    if (clean === text) return value;
    return fit(
      clean,
      () =>
        new InvalidInputError(
          'options.redact',
          'makes something of what is stored that does not fit the schema',
        ),
    );
  }

  /** Without what the schema says, which may quote the value. */
  async function fit(text: string, toError: () => Error): Promise<JsonValue> {
    try {
      return (await parseValue(schema, text)).value;
    } catch (error) {
      if (InvalidDataError.isInstance(error) || InvalidInputError.isInstance(error)) throw toError();
      throw error;
    }
  }
}
