import { ConflictError, type PutReceipt, type StoredDocument, type Version } from '@loci/core';
import { sameJson } from '../merge/same-json.js';
import { isMadeUp, type QueuedPut, type Trial } from '../queue/queued-write.js';
import { type Session, settle } from '../session.js';
import type { Context, Done } from './context.js';
import { planValue } from './plan-value.js';

/** Others are this often faster before a write is given up. */
const maxAttempts = 1000;

/** What a write was made on, in the words of the server. */
export interface Ground {
  /** Absent where it cannot be told: nothing is known, or the process that knew it has ended. */
  readonly expect: Trial['expect'] | undefined;
}

/**
 * Delivers a queued `put`, exactly once: whatever is sent is written down first, and after a lost answer the very same
 * is sent again, so that the server can say whether it knows the operation. Only where it surely was not applied is it
 * made anew on what others have written.
 */
export async function sendPut(context: Context, write: QueuedPut): Promise<Done> {
  const { store, session, settings } = context;
  const { key } = write;
  const isOver = () => write.ttlMs !== undefined && write.at + write.ttlMs <= settings.clock.now();
  // With something to replace it is sent all the same: what it replaced is over, too.
  if (isOver() && typeof write.base === 'string')
    return {
      outcome: 'expired',
      note: () => settle(session, write.version, { version: undefined, exact: false }),
    };
  const ground = groundOf(session, write);
  const first = write.trial ?? (ground.expect && { expect: ground.expect });
  if (first) {
    const receipt = await attempt(context, write, first);
    if (receipt) return receipt;
  }
  for (let count = 0; count < maxAttempts; count++) {
    const current = await context.ask(key, (signal) => store.documents.get(key, { signal }));
    if (isOver()) return done(session, write, 'expired', current);
    const plan = await planValue(context, write, ground, current);
    await session.aside.keep(write, plan.kept);
    if (plan.value === undefined) {
      if (current && !(await remove(context, write, current))) continue;
      return done(session, write, current ? 'merged' : 'unneeded', undefined);
    }
    if (current && write.ttlMs === undefined && sameJson(plan.value, current.value))
      return done(session, write, 'unneeded', current);
    const expect = current ? { version: current.version } : 'absent';
    const receipt = await attempt(context, write, { expect, value: plan.value });
    if (receipt) return receipt;
  }
  throw new ConflictError(key, { reason: `others were faster ${maxAttempts} times` });
}

/** `undefined` where the record is another one now and the write was surely not applied. */
async function attempt(context: Context, write: QueuedPut, trial: Trial): Promise<Done | undefined> {
  const { store, session, settings } = context;
  const { key, operationId, ttlMs, at } = write;
  const value = trial.value ?? write.value;
  const uncertain = write.sent;
  write.trial = sameJson(value, write.value) ? { expect: trial.expect } : { expect: trial.expect, value };
  write.sent = true;
  // The same again needs no note: it is in the journal since the first time.
  if (!uncertain) await session.queue.update(write);
  const left = ttlMs === undefined ? {} : { ttlMs: Math.max(1, at + ttlMs - settings.clock.now()) };
  let receipt: PutReceipt;
  try {
    receipt = await context.ask(key, (signal) =>
      store.documents.put(key, structuredClone(value), {
        expect: trial.expect,
        operationId,
        ...left,
        ...(write.rebase ? { rebase: write.rebase } : {}),
        signal,
      }),
    );
  } catch (error) {
    if (!ConflictError.isInstance(error)) throw error;
    // Beyond the memory of the server: redone, it might be there twice.
    if (uncertain && error.mayHaveApplied) throw error;
    write.sent = false;
    write.trial = undefined;
    return undefined;
  }
  const outcome = receipt.replayed ? 'replayed' : write.trial.value === undefined ? 'applied' : 'merged';
  if (receipt.replayed) {
    const current = await context.ask(key, (signal) => store.documents.get(key, { signal }));
    return done(session, write, outcome, current, receipt.version);
  }
  const { expiresAt } = write;
  const now = settings.clock.now();
  const stored = {
    key,
    value,
    version: receipt.version,
    updatedAt: now,
    ...(expiresAt ? { expiresAt } : {}),
  };
  return done(session, write, outcome, stored);
}

async function remove(
  { store, ask }: Context,
  { key }: QueuedPut,
  current: StoredDocument,
): Promise<boolean> {
  try {
    await ask(key, (signal) => store.documents.delete(key, { expect: { version: current.version }, signal }));
    return true;
  } catch (error) {
    if (ConflictError.isInstance(error)) return false;
    throw error;
  }
}

function done(
  session: Session,
  write: QueuedPut,
  outcome: Done['outcome'],
  current: StoredDocument | undefined,
  version: Version | undefined = current?.version,
): Done {
  const exact = current !== undefined && current.version === version && sameJson(current.value, write.value);
  return {
    outcome,
    async note() {
      settle(session, write.version, { version, exact });
      const { key, operationId } = write;
      if (current && version) await session.documents.written(key, current, { id: operationId, version });
      else session.documents.deleted(key);
    },
  };
}

function groundOf(session: Session, { base }: QueuedPut): Ground {
  if (typeof base === 'string') return { expect: 'absent' };
  const settled = session.versions.get(base.version);
  if (settled) return { expect: settled.exact && settled.version ? { version: settled.version } : undefined };
  return { expect: isMadeUp(base.version) ? undefined : { version: base.version } };
}
