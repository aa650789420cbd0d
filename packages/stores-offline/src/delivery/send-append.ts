import { type AppendReceipt, ConflictError, type LogHead } from '@loci/core';
import { isMadeUp, type QueuedAppend, type QueuedLogDelete } from '../queue/queued-write.js';
import type { Context, Done } from './context.js';

/** Delivers a queued append: to the log that it belongs to, and to no other one that came in its place. */
export async function sendAppend(context: Context, write: QueuedAppend): Promise<Done> {
  const { store, session, settings } = context;
  const { key, entries, ttlMs, at } = write;
  const now = settings.clock.now();
  const over = ttlMs !== undefined && at + ttlMs <= now;
  if (over) return { outcome: 'expired', note: () => {} };
  const left = ttlMs === undefined ? {} : { ttlMs: at + ttlMs - now };
  const append = (expect?: LogHead) =>
    context.ask(key, (signal) =>
      store.logs.append(key, structuredClone(entries), { ...left, ...(expect && { expect }), signal }),
    );
  const epoch = await epochOf(context, write);
  const receipt = await (epoch === undefined ? append() : appendTo(context, write, epoch, append));
  return {
    outcome: receipt.outcome === 'replayed' ? 'replayed' : 'applied',
    async note() {
      if (receipt.outcome === 'pending') return;
      const { firstSeq, lastSeq } = receipt;
      if (isMadeUp(write.epoch)) session.epochs.set(write.epoch, receipt.epoch);
      const seen = {
        epoch: receipt.epoch,
        seq: lastSeq,
        updatedAt: now,
        ...(ttlMs === undefined ? {} : { expiresAt: at + ttlMs }),
        ...(isMadeUp(write.epoch) ? { queuedAs: write.epoch } : {}),
      };
      await session.logs.seen(key, seen, now);
      if (lastSeq - firstSeq + 1 !== entries.length) return;
      const added = entries.map((entry, index) => ({
        ...entry,
        seq: firstSeq + index,
        at: now,
        revision: 0,
      }));
      await session.logs.add(key, receipt.epoch, added);
    },
  };
}

/** Appends where the log is still the one of this epoch; rejects with `ConflictError` where that is gone. */
async function appendTo(
  { store, session, settings, ask }: Context,
  { key }: QueuedAppend,
  epoch: string,
  append: (expect: LogHead) => Promise<AppendReceipt>,
): Promise<AppendReceipt> {
  const seen = await session.logs.get(key).catch(() => undefined);
  let head: LogHead | undefined =
    typeof seen === 'object' && seen.epoch === epoch ? { epoch, seq: seen.seq } : undefined;
  for (;;) {
    head ??= await ask(key, (signal) => store.logs.head(key, { signal }));
    const found: LogHead | undefined = head;
    if (found?.epoch !== epoch) {
      await session.lock(() => session.logs.seen(key, found, settings.clock.now()));
      throw new ConflictError(key, { reason: 'the log it belongs to was deleted or has expired' });
    }
    try {
      return await append(found);
    } catch (error) {
      if (!ConflictError.isInstance(error)) throw error;
      const now: LogHead | undefined = await ask(key, (signal) => store.logs.head(key, { signal }));
      // Nobody was faster, so it is the entries that do not fit.
      if (now?.epoch === epoch && now.seq === found.seq) throw error;
      head = now;
    }
  }
}

/** Delivers the deletion of a log. */
export async function sendLogDelete(context: Context, write: QueuedLogDelete): Promise<Done> {
  const { store, session, settings } = context;
  const { key } = write;
  const note = () => session.logs.seen(key, undefined, settings.clock.now());
  const head = await context.ask(key, (signal) => store.logs.head(key, { signal }));
  if (!head) return { outcome: 'unneeded', note };
  const epoch = write.epoch === undefined ? undefined : await epochOf(context, { key, epoch: write.epoch });
  const isOther = epoch !== undefined && head.epoch !== epoch;
  if (isOther) return { outcome: 'unneeded', note: () => session.logs.seen(key, head, settings.clock.now()) };
  if (epoch === undefined && write.sent)
    throw new ConflictError(key, { reason: 'it may be deleted and written anew already' });
  if (!write.sent) {
    write.sent = true;
    await session.queue.update(write);
  }
  await context.ask(key, (signal) => store.logs.delete(key, { signal }));
  return { outcome: 'applied', note };
}

/** As the server knows it; `undefined` where the log was not known to it when this was queued. */
async function epochOf(
  { session }: Context,
  { key, epoch }: Pick<QueuedAppend, 'key' | 'epoch'>,
): Promise<string | undefined> {
  if (!isMadeUp(epoch)) return epoch;
  const settled = session.epochs.get(epoch);
  if (settled !== undefined) return settled;
  const seen = await session.logs.get(key).catch(() => undefined);
  return typeof seen === 'object' && seen.queuedAs === epoch ? seen.epoch : undefined;
}
