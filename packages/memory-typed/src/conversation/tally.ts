import type { Entry, JsonValue, LogHead } from '@loci/core';

const format = 'loci-conversation';
const version = 1;

/** What the record of a conversation is made from, up to and with one entry; plain JSON. */
export type Tally = {
  readonly format: typeof format;
  readonly version: typeof version;
  readonly cursor: { readonly epoch: string; readonly seq: number };
  readonly createdAt: number | null;
  readonly lastActivityAt: number | null;
  readonly messageCount: number;
  /** How many messages the turns have that have not ended. */
  readonly open: { readonly [turnId: string]: number };
};

export function emptyTally(epoch: string): Tally {
  return {
    format,
    version,
    cursor: { epoch, seq: 0 },
    createdAt: null,
    lastActivityAt: null,
    messageCount: 0,
    open: {},
  };
}

/** The tally one entry further. */
export function addEntry(tally: Tally, entry: Entry): Tally {
  const at = Math.floor(entry.at);
  const next = {
    ...tally,
    cursor: { ...tally.cursor, seq: entry.seq },
    createdAt: Math.min(tally.createdAt ?? at, at),
    lastActivityAt: Math.max(tally.lastActivityAt ?? at, at),
  };
  const { turnId } = entry;
  if (entry.kind === 'message' && turnId === undefined)
    return { ...next, messageCount: tally.messageCount + 1 };
  if (turnId === undefined) return next;
  const waiting = new Map(Object.entries(tally.open));
  const count = waiting.get(turnId) ?? 0;
  if (entry.kind === 'message') waiting.set(turnId, count + 1);
  const hasEnded =
    entry.kind === 'turn' && (entry.data.state === 'completed' || entry.data.state === 'failed');
  if (hasEnded) waiting.delete(turnId);
  const isCompleted = entry.kind === 'turn' && entry.data.state === 'completed';
  return {
    ...next,
    messageCount: tally.messageCount + (isCompleted ? count : 0),
    open: Object.fromEntries(waiting),
  };
}

/**
 * The stored tally, or an empty one where there is none that belongs to this log: it is derived, so what is damaged is
 * made anew. `undefined` where a newer version wrote it, which is not to be overwritten.
 */
export function parseTally(stored: JsonValue | undefined, head: LogHead): Tally | undefined {
  const data = stored as { readonly [name: string]: unknown } | null | undefined;
  if (typeof data !== 'object' || data === null || data['format'] !== format) return emptyTally(head.epoch);
  if (typeof data['version'] === 'number' && data['version'] > version) return undefined;
  const { createdAt, lastActivityAt, messageCount, open, cursor } = data;
  const at = cursor as { readonly epoch?: unknown; readonly seq?: unknown } | null | undefined;
  const isWhole =
    at?.epoch === head.epoch &&
    isCount(at.seq) &&
    at.seq <= head.seq &&
    (createdAt === null || isCount(createdAt)) &&
    (lastActivityAt === null || isCount(lastActivityAt)) &&
    isCount(messageCount) &&
    typeof open === 'object' &&
    open !== null &&
    Object.values(open).every(isCount);
  return isWhole ? (stored as Tally) : emptyTally(head.epoch);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
