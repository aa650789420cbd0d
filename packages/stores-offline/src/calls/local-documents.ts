import {
  ConflictError,
  type Expect,
  type JsonValue,
  type Key,
  type PutOptions,
  type PutReceipt,
  type StoredDocument,
  StoreUnavailableError,
  type Version,
} from '@loci/core';
import { documentName } from '../names.js';
import { type Base, makeUp, type QueuedDelete, type QueuedPut, type Trial } from '../queue/queued-write.js';
import { type Session, translate } from '../session.js';
import type { Engine } from './engine.js';

const mostUnsure = 1000;

/** A document as it is seen from here: the copy, and what is queued over it. */
type Local = 'unknown' | 'absent' | (StoredDocument & { readonly operations: ReadonlyMap<string, Version> });

/** Of a write that was sent, and of which it is not known whether the server has applied it. */
export interface Sent {
  readonly sent: boolean;
}

/** To be called in the lock of the session. */
export async function lookAtDocument({ settings }: Engine, session: Session, key: Key): Promise<Local> {
  const now = settings.clock.now();
  const newest = session.queue.of(documentName(key)).at(-1);
  if (newest?.op === 'delete') return 'absent';
  if (newest?.op === 'put') {
    const { value, version, at, expiresAt } = newest;
    return living(
      { key, value, version, updatedAt: at, expiresAt, pending: true, operations: new Map() },
      now,
    );
  }
  const seen = await session.documents.get(key);
  if (seen === undefined || seen === 'absent') return seen ?? 'unknown';
  const operations = new Map(seen.operations.map(({ id, version }) => [id, version]));
  return living({ key, ...seen, operations }, now);
}

function living(
  found: Omit<Exclude<Local, string>, 'expiresAt'> & { readonly expiresAt?: number | undefined },
  now: number,
): Local {
  const { expiresAt, ...rest } = found;
  if (expiresAt === undefined) return rest;
  return expiresAt > now ? { ...rest, expiresAt } : 'absent';
}

export async function getLocally(
  engine: Engine,
  session: Session,
  key: Key,
): Promise<StoredDocument | undefined> {
  const local = await session.lock(() => lookAtDocument(engine, session, key));
  if (local === 'unknown' && engine.settings.unknown === 'refuse')
    throw new StoreUnavailableError('its server is away, and this key was never seen here');
  if (local === 'unknown' || local === 'absent') return undefined;
  const { operations: _, ...found } = local;
  return { ...found, key: [...key], value: structuredClone(found.value) };
}

export function putLocally(
  engine: Engine,
  session: Session,
  key: Key,
  value: JsonValue,
  options: PutOptions & Sent,
): Promise<PutReceipt> {
  const { clock, randomId } = engine.settings;
  return session.lock(async () => {
    const { operationId, ttlMs, rebase, sent, expect } = options;
    const repeated = session.queue
      .of(documentName(key))
      .find((write) => write.op === 'put' && write.operationId === operationId);
    if (repeated?.op === 'put') return { version: repeated.version, replayed: true, pending: true };
    const local = await lookAtDocument(engine, session, key);
    const applied = typeof local === 'object' ? local.operations.get(operationId) : undefined;
    if (applied !== undefined) return { version: applied, replayed: true };
    const base = matchPut(engine, session, key, local, options);
    const at = clock.now();
    const version = makeUp(randomId) as Version;
    await session.queue.add<QueuedPut>({
      op: 'put',
      key: [...key],
      operationId,
      at,
      sent,
      value,
      base,
      version,
      ttlMs,
      expiresAt: ttlMs === undefined ? (typeof local === 'object' ? local.expiresAt : undefined) : at + ttlMs,
      trial: sent ? trialOf(expect, base) : undefined,
      rebase,
    });
    queued(engine, key, operationId);
    return { version, replayed: false, pending: true };
  });
}

export function deleteLocally(
  engine: Engine,
  session: Session,
  key: Key,
  options: { readonly expect: Expect } & Sent,
): Promise<boolean> {
  const { clock, randomId } = engine.settings;
  return session.lock(async () => {
    const local = await lookAtDocument(engine, session, key);
    const base = match(session, key, local, options);
    if (local === 'absent' && !options.sent) return false;
    const operationId = randomId();
    const { sent } = options;
    await session.queue.add<QueuedDelete>({
      op: 'delete',
      key: [...key],
      operationId,
      at: clock.now(),
      sent,
      base,
    });
    queued(engine, key, operationId);
    return typeof local === 'object';
  });
}

/** As `match`. A write that was sent and cannot be queued is remembered, because its repeat must not look refused. */
function matchPut(
  { unsure }: Engine,
  session: Session,
  key: Key,
  local: Local,
  options: PutOptions & Sent,
): Base {
  const name = `${options.operationId} ${documentName(key)}`;
  try {
    return match(session, key, local, options);
  } catch (error) {
    if (ConflictError.isInstance(error) && unsure.has(name))
      throw new ConflictError(key, { mayHaveApplied: true });
    if (options.sent) unsure.add(name);
    const [oldest] = unsure;
    if (unsure.size > mostUnsure && oldest !== undefined) unsure.delete(oldest);
    throw error;
  }
}

/** What the write is made on; throws where `expect` is something else. */
function match(
  session: Session,
  key: Key,
  local: Local,
  { expect: wanted, sent }: { readonly expect: Expect } & Sent,
): Base {
  const expect = translate(session, wanted);
  const fits =
    expect === 'any' ||
    local === 'unknown' ||
    (expect === 'absent'
      ? local === 'absent'
      : typeof local === 'object' && local.version === expect.version);
  if (!fits && sent) throw new StoreUnavailableError('the server did not say whether this write was applied');
  if (!fits) throw new ConflictError(key);
  if (typeof local === 'object') return { version: local.version, value: local.value };
  if (local === 'unknown' && typeof expect === 'object') return { version: expect.version };
  return local;
}

function trialOf(expect: Expect, base: Base): Trial {
  if (expect !== 'any') return { expect };
  return { expect: typeof base === 'object' ? { version: base.version } : 'absent' };
}

function queued({ settings, feed, delivery }: Engine, key: Key, operationId: string): void {
  settings.onEvent({ type: 'write-queued', key, operationId });
  feed.changed('document', key);
  delivery.start();
}
