import type { Expect, JsonValue, Key, LogAppend, PutOptions, Version } from '@loci/core';
import { type Fields, readFields } from '../fields.js';
import { documentName, logName, type Name } from '../names.js';

/** What a queued change of a document began with. The value is unknown where only the caller knew the version. */
export type Base =
  | 'unknown'
  | 'absent'
  | { readonly version: Version; readonly value?: JsonValue | undefined };

/** What was, or is about to be, sent to the server: repeated, it says whether it was applied. */
export interface Trial {
  readonly expect: Exclude<Expect, 'any'>;
  /** Where it is another one than was queued. */
  readonly value?: JsonValue | undefined;
}

interface Common {
  /** Its place in the queue. */
  readonly id: string;
  readonly key: Key;
  readonly operationId: string;
  /** Epoch milliseconds of the call. */
  readonly at: number;
  /** It may have been sent before, and the answer is not known. */
  sent: boolean;
}

export interface QueuedPut extends Common {
  readonly op: 'put';
  readonly value: JsonValue;
  readonly base: Base;
  /** The provisional version. */
  readonly version: Version;
  readonly ttlMs?: number | undefined;
  readonly expiresAt?: number | undefined;
  trial?: Trial | undefined;
  /** Of this process only. */
  readonly rebase?: PutOptions['rebase'];
}

export interface QueuedDelete extends Common {
  readonly op: 'delete';
  readonly base: Base;
}

export interface QueuedAppend extends Common {
  readonly op: 'append';
  readonly entries: readonly LogAppend[];
  /** The log that it belongs to: as the server knows it, or made up where none was known. */
  readonly epoch: string;
  readonly ttlMs?: number | undefined;
}

export interface QueuedLogDelete extends Common {
  readonly op: 'delete-log';
  /** Absent: not known. */
  readonly epoch?: string | undefined;
}

export type QueuedWrite = QueuedPut | QueuedDelete | QueuedAppend | QueuedLogDelete;

const madeUp = 'queued.';

/** A version or an epoch that no server knows. */
export const makeUp = (randomId: () => string): string => madeUp + randomId();
export const isMadeUp = (text: string): boolean => text.startsWith(madeUp);

export function nameOf({ op, key }: Pick<QueuedWrite, 'op' | 'key'>): Name {
  return op === 'put' || op === 'delete' ? documentName(key) : logName(key);
}

/** As the journal holds it; its id is the key there. */
export function toRecord(write: QueuedWrite): JsonValue {
  const { id: _, rebase: __, ...rest } = { rebase: undefined, ...write };
  // Leaves out what is undefined.
  return JSON.parse(JSON.stringify(rest)) as JsonValue;
}

/** Throws `DamagedRecordError`. */
export function parseWrite(place: Key, data: unknown): QueuedWrite {
  const fields = readFields(place, data);
  const common = {
    id: place.at(-1) ?? '',
    key: fields.key('key'),
    operationId: fields.text('operationId'),
    at: fields.number('at'),
    sent: fields.json('sent') === true,
  };
  const op = fields.text('op');
  if (op === 'put') {
    const trial = fields.optional('trial', fields.record);
    return {
      ...common,
      op,
      value: fields.json('value'),
      base: parseBase(fields),
      version: fields.text('version') as Version,
      ttlMs: fields.optional('ttlMs', fields.number),
      expiresAt: fields.optional('expiresAt', fields.number),
      trial: trial && { expect: parseExpect(trial), value: trial.optional('value', trial.json) },
    };
  }
  if (op === 'delete') return { ...common, op, base: parseBase(fields) };
  if (op === 'delete-log') return { ...common, op, epoch: fields.optional('epoch', fields.text) };
  if (op !== 'append') throw fields.damaged('its op is not known');
  const entries = fields.list('entries').map((entry) => ({ id: entry.text('id'), body: entry.json('body') }));
  if (entries.length === 0) throw fields.damaged('it has no entries');
  return {
    ...common,
    op,
    entries,
    epoch: fields.text('epoch'),
    ttlMs: fields.optional('ttlMs', fields.number),
  };
}

function parseBase(fields: Fields): Base {
  const plain = fields.json('base');
  if (plain === 'unknown' || plain === 'absent') return plain;
  const base = fields.record('base');
  return { version: base.text('version') as Version, value: base.optional('value', base.json) };
}

function parseExpect(trial: Fields): Trial['expect'] {
  if (trial.json('expect') === 'absent') return 'absent';
  return { version: trial.record('expect').text('version') as Version };
}
