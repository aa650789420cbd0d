import { ConflictError, type StoredDocument } from '@loci/core';
import { sameJson } from '../merge/same-json.js';
import type { QueuedDelete } from '../queue/queued-write.js';
import type { Context, Done } from './context.js';
import { decide } from './plan-value.js';

/** Delivers a queued `delete`: of the record that was meant, and of no other one that came in its place. */
export async function sendDelete(context: Context, write: QueuedDelete): Promise<Done> {
  const { store, session, settings } = context;
  const { key, base, operationId } = write;
  const uncertain = write.sent;
  for (;;) {
    const current = await context.ask(key, (signal) => store.documents.get(key, { signal }));
    if (!current) return done(context, write, 'unneeded', undefined);
    // Whether this is a record that was written after the deletion was first sent is not to be known.
    if (uncertain && base === 'unknown')
      throw new ConflictError(key, { reason: 'it may be deleted and written anew already' });
    const ours = isMeant(context, write, current);
    if (!ours) {
      const before = typeof base === 'object' ? base.value : undefined;
      const conflict = { path: [], base: before, ours: undefined, theirs: current.value };
      const { value, kept } = await decide(settings, key, conflict);
      await session.aside.keep(write, kept);
      if (value !== undefined && sameJson(value, current.value))
        return done(context, write, 'unneeded', current);
      if (value !== undefined) {
        const expect = { version: current.version };
        try {
          const { version } = await context.ask(key, (signal) =>
            store.documents.put(key, value, { expect, operationId, signal }),
          );
          return done(context, write, 'merged', { ...current, value, version });
        } catch (error) {
          if (!ConflictError.isInstance(error)) throw error;
          continue;
        }
      }
    }
    if (!write.sent) {
      write.sent = true;
      await session.queue.update(write);
    }
    try {
      const expect = { version: current.version };
      await context.ask(key, (signal) => store.documents.delete(key, { expect, signal }));
      return done(context, write, ours ? 'applied' : 'merged', undefined);
    } catch (error) {
      if (!ConflictError.isInstance(error)) throw error;
    }
  }
}

function isMeant({ session }: Context, { base }: QueuedDelete, current: StoredDocument): boolean {
  if (base === 'unknown') return true;
  if (base === 'absent') return false;
  const settled = session.versions.get(base.version);
  if ((settled?.exact ? settled.version : base.version) === current.version) return true;
  return base.value !== undefined && sameJson(base.value, current.value);
}

function done(
  { session }: Context,
  { key, operationId }: QueuedDelete,
  outcome: Done['outcome'],
  current: StoredDocument | undefined,
): Done {
  return {
    outcome,
    note: () =>
      current
        ? session.documents.written(key, current, { id: operationId, version: current.version })
        : session.documents.deleted(key),
  };
}
