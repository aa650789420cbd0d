import {
  type AppendOptions,
  type AppendReceipt,
  ConflictError,
  type Key,
  type LogAppend,
  type LogEntry,
  type LogHead,
  type ReadOptions,
  StoreUnavailableError,
} from '@loci/core';
import { logName } from '../names.js';
import { makeUp, type QueuedAppend, type QueuedLogDelete } from '../queue/queued-write.js';
import type { Session } from '../session.js';
import type { Engine } from './engine.js';
import type { Sent } from './local-documents.js';

/** With a repeated append, this many of the newest entries in the copy are looked at. */
const lookedBack = 64;

/** A log as it is seen from here: what the server had, and what is queued behind it. */
export interface LocalLog {
  readonly known: boolean;
  /** Absent: there is no log. */
  readonly epoch: string | undefined;
  /** Of the last entry of the server. */
  readonly seq: number;
  readonly queued: readonly (LogAppend & { readonly at: number })[];
  readonly updatedAt: number;
  readonly expiresAt?: number | undefined;
}

const nothing = { known: true, epoch: undefined, seq: 0, queued: [], updatedAt: 0 } satisfies LocalLog;

/** To be called in the lock of the session. */
export async function lookAtLog({ settings }: Engine, session: Session, key: Key): Promise<LocalLog> {
  const seen = await session.logs.get(key);
  let log: LocalLog =
    seen === undefined || seen === 'absent'
      ? { ...nothing, known: seen === 'absent' }
      : { ...seen, known: true, queued: [] };
  let added: (LogAppend & { readonly at: number })[] = [];
  for (const write of session.queue.of(logName(key))) {
    const { at } = write;
    log = write.op === 'delete-log' ? nothing : living(log, at);
    if (log.epoch === undefined) added = [];
    if (write.op !== 'append') continue;
    const { ttlMs } = write;
    added.push(...write.entries.map((entry) => ({ ...entry, at })));
    const expiresAt = ttlMs === undefined ? log.expiresAt : at + ttlMs;
    log = { ...log, epoch: log.epoch ?? write.epoch, updatedAt: at, expiresAt };
  }
  return living({ ...log, queued: added }, settings.clock.now());
}

function living(log: LocalLog, now: number): LocalLog {
  return log.expiresAt !== undefined && log.expiresAt <= now ? nothing : log;
}

function refuseUnknown({ settings }: Engine, log: LocalLog): LocalLog {
  if (!log.known && log.epoch === undefined && settings.unknown === 'refuse')
    throw new StoreUnavailableError('its server is away, and this log was never seen here');
  return log;
}

export async function headLocally(engine: Engine, session: Session, key: Key): Promise<LogHead | undefined> {
  const { epoch, seq, queued } = refuseUnknown(
    engine,
    await session.lock(() => lookAtLog(engine, session, key)),
  );
  return epoch === undefined ? undefined : { epoch, seq: seq + queued.length };
}

export async function* readLocally(
  engine: Engine,
  session: Session,
  key: Key,
  options: ReadOptions,
): AsyncGenerator<LogEntry, void, undefined> {
  const log = refuseUnknown(engine, await session.lock(() => lookAtLog(engine, session, key)));
  const from = Math.max(options.from ?? 1, 1);
  const to = Math.min(options.to ?? Number.POSITIVE_INFINITY, log.seq + log.queued.length);
  const size = Math.min(to - from + 1, options.limit ?? Number.POSITIVE_INFINITY);
  for (let index = 0; index < size; index++) {
    options.signal?.throwIfAborted();
    const seq = options.reverse ? to - index : from + index;
    const queued = log.queued[seq - log.seq - 1];
    if (queued) yield { ...structuredClone(queued), seq, revision: 0, pending: true };
    else {
      const entry = await session.logs.entry(key, log.epoch ?? '', seq);
      if (!entry)
        throw new StoreUnavailableError('its server is away, and this part of the log was never read here');
      yield structuredClone(entry);
    }
  }
}

export function appendLocally(
  engine: Engine,
  session: Session,
  key: Key,
  entries: readonly LogAppend[],
  { ttlMs, sent }: AppendOptions & Sent,
): Promise<AppendReceipt> {
  const { clock, randomId } = engine.settings;
  return session.lock(async () => {
    const log = await lookAtLog(engine, session, key);
    const repeated = await findRepeated(session, key, log, entries);
    if (repeated) return repeated;
    const epoch = log.epoch ?? makeUp(randomId);
    const operationId = entries[0]?.id ?? '';
    const at = clock.now();
    await session.queue.add<QueuedAppend>({
      op: 'append',
      key: [...key],
      operationId,
      at,
      sent,
      entries,
      epoch,
      ttlMs,
    });
    queued(engine, key, operationId);
    const before = log.seq + log.queued.length;
    return { epoch, firstSeq: before + 1, lastSeq: before + entries.length, outcome: 'pending' };
  });
}

export function deleteLogLocally(
  engine: Engine,
  session: Session,
  key: Key,
  { sent }: Sent,
): Promise<boolean> {
  const { clock, randomId } = engine.settings;
  return session.lock(async () => {
    const log = await lookAtLog(engine, session, key);
    if (log.known && log.epoch === undefined && !sent) return false;
    const operationId = randomId();
    const { epoch } = log;
    await session.queue.add<QueuedLogDelete>({
      op: 'delete-log',
      key: [...key],
      operationId,
      at: clock.now(),
      sent,
      epoch,
    });
    queued(engine, key, operationId);
    return epoch !== undefined;
  });
}

/** The receipt where all entries are there already; `ConflictError` where some are. */
async function findRepeated(
  session: Session,
  key: Key,
  log: LocalLog,
  entries: readonly LogAppend[],
): Promise<AppendReceipt | undefined> {
  const seqs = new Map<string, number>();
  for (let seq = log.seq; seq > Math.max(0, log.seq - lookedBack); seq--) {
    const entry = await session.logs.entry(key, log.epoch ?? '', seq);
    if (entry) seqs.set(entry.id, seq);
  }
  for (const [index, { id }] of log.queued.entries()) seqs.set(id, log.seq + index + 1);
  const seen = entries.flatMap(({ id }) => seqs.get(id) ?? []).sort((a, b) => a - b);
  if (seen.length === 0) return undefined;
  const lastSeq = seen.at(-1) ?? 0;
  if (seen.length < entries.length)
    throw new ConflictError(key, { reason: 'some of these entries are already in the log' });
  const outcome = lastSeq > log.seq ? 'pending' : 'replayed';
  return { epoch: log.epoch ?? '', firstSeq: seen[0] ?? lastSeq, lastSeq, outcome };
}

function queued({ settings, feed, delivery }: Engine, key: Key, operationId: string): void {
  settings.onEvent({ type: 'write-queued', key, operationId });
  feed.changed('log', key);
  delivery.start();
}
