import {
  anything,
  boolean,
  type Check,
  count,
  id,
  list,
  Mismatch,
  number,
  oneOf,
  optional,
  present,
  record,
  shape,
  string,
  variants,
  want,
} from '../check.js';
import { DamagedRecordError } from '../errors/damaged-record-error.js';
import { InvalidInputError } from '../errors/invalid-input-error.js';
import { UnknownVersionError } from '../errors/unknown-version-error.js';
import { deepFreeze } from '../json.js';
import { checkMessage, checkPart } from '../message/check-message.js';
import type { JsonValue } from '../message/message.js';
import type { Key, LogAppend, LogEntry } from '../store/store.js';
import type { Entry, EntryInput } from './entry.js';

const covers = shape({
  closed: shape({ turnSeq: count, seq: count }),
  open: optional(shape({ turnId: string, seq: count })),
});
const lease = shape({ owner: string, leaseUntil: number });

const data: { readonly [kind: string]: Check } = {
  message: checkMessage,
  turn: variants('state', {
    started: lease,
    claimed: lease,
    completed: anything,
    failed: shape({ reason: string }),
  }),
  call: shape({
    recalled: list(string),
    shape: (value, path) => value === null || string(value, path),
    model: string,
  }),
  overlay: shape({
    covers,
    hash: string,
    keep: list(shape({ id, seq: count, pinned: optional(oneOf(true)) })),
    summary: optional(checkMessage),
    replace: optional(record(list(checkPart))),
  }),
  clear: shape({ covers }),
  revert: shape({ target: string }),
  redaction: shape({ ids: list(string), derived: list(string) }),
  pin: shape({ id, pinned: boolean, seq: optional(count) }),
};
const frame = shape({
  kind: string,
  version: count,
  data: present,
  turnId: optional(id),
  agentId: optional(string),
  tags: optional(list(string)),
  at: optional(number),
});

/** The stored form of entries. Throws `InvalidInputError` for one that no reader would accept. */
export function toLog(key: Key, entries: readonly EntryInput[]): LogAppend[] {
  return entries.map((entry, index) => {
    try {
      id(entry.id, 'id');
      check(key, entry.id, entry);
    } catch (error) {
      throw error instanceof Mismatch
        ? new InvalidInputError(`entries[${index}].${error.path}`, error.reason)
        : error;
    }
    const { id: entryId, ...body } = entry;
    return { id: entryId, body: body as unknown as JsonValue };
  });
}

/** One stored entry, checked and frozen. Throws `DamagedRecordError`, or `UnknownVersionError` for what a newer version wrote. */
export function fromLog(key: Key, stored: LogEntry): Entry {
  try {
    check(key, stored.id, stored.body);
  } catch (error) {
    throw error instanceof Mismatch
      ? new DamagedRecordError(key, stored.seq, `${error.path} ${error.reason}`)
      : error;
  }
  const body = stored.body as unknown as EntryInput;
  const { id: entryId, seq, pending } = stored;
  return deepFreeze({ at: stored.at, ...body, id: entryId, seq, ...(pending ? { pending } : {}) } as Entry);
}

function check(key: Key, entryId: string, body: unknown): void {
  frame(body, 'entry');
  const entry = body as EntryInput;
  if (entry.kind.includes('/')) return;
  const known = Object.hasOwn(data, entry.kind) ? data[entry.kind] : undefined;
  if (!known || entry.version > 1) throw new UnknownVersionError(key, entry.kind, entry.version);
  want(entry.version === 1, 'entry.version', '1');
  known(entry.data, 'entry.data');
  // A message and a summary are found by the id of their entry; a turn begins and ends once because its marks have one id each.
  if (entry.kind === 'message') want(entry.data.id === entryId, 'entry.data.id', 'the id of its entry');
  if (entry.kind === 'overlay')
    want((entry.data.summary?.id ?? entryId) === entryId, 'entry.data.summary.id', 'the id of its entry');
  if (entry.kind === 'turn') {
    want(entry.turnId !== undefined, 'entry.turnId', 'the id of the turn');
    const { state } = entry.data;
    if (state !== 'claimed') {
      const wanted = turnMarkId(entry.turnId as string, state === 'started' ? 'start' : 'end');
      want(entryId === wanted, 'entry.id', `${wanted}, so that a turn begins and ends once`);
    }
  }
}

/** Id of the entry that begins or ends a turn. */
export function turnMarkId(turnId: string, mark: 'start' | 'end'): string {
  return `${turnId}.${mark}`;
}
