import { type Clock, systemClock } from '../clock.js';
import { ConflictError } from '../errors/conflict-error.js';
import { InvalidInputError } from '../errors/invalid-input-error.js';
import { StoreClosedError } from '../errors/store-closed-error.js';
import { checkPrefix } from '../store/key.js';
import type { IoOptions, Key, Listed, Store } from '../store/store.js';
import type { RecordName } from './backup-format.js';
import { type OnMaintenanceEvent, quietly } from './events.js';

export interface DeleteInactiveOptions extends IoOptions {
  /** Only records under it, by whole segments; an empty list means the whole store. */
  readonly prefix: Key;
  /** How long ago the last write is at least. */
  readonly olderThanMs: number;
  /** The most documents and logs that one call deletes. @default 100 */
  readonly limit?: number;
  /** Told of every record that was deleted or could not be. */
  readonly onEvent?: OnMaintenanceEvent;
  /** The clock by which the store stamps its writes. @default systemClock */
  readonly clock?: Clock;
}

export interface DeleteInactiveReport {
  readonly documents: readonly Key[];
  readonly logs: readonly Key[];
  /** What is old enough and could not be deleted. */
  readonly failed: readonly (RecordName & { readonly error: unknown })[];
  /** True where `limit` was reached: call again. */
  readonly more: boolean;
}

/**
 * Deletes the documents and logs whose last write is longer ago than `olderThanMs`, and names them. Call it until
 * `more` is false; one that cannot be deleted is reported and does not keep the others.
 *
 * Whether a record is still old is looked at again just before it is deleted. A document that somebody writes after
 * that stays, because its version is another. A log that somebody appends to in the instant between that look and the
 * delete is deleted all the same, since no store can delete a log on a condition; so give `olderThanMs` room.
 *
 * @example
 * const month = 30 * 24 * 3600 * 1000;
 * while ((await deleteInactive(store, { prefix: ['sessions'], olderThanMs: month })).more);
 */
export async function deleteInactive(
  store: Store,
  options: DeleteInactiveOptions,
): Promise<DeleteInactiveReport> {
  const { prefix, olderThanMs, limit = 100, onEvent, clock = systemClock, signal } = options;
  checkPrefix(prefix);
  if (!(Number.isFinite(olderThanMs) && olderThanMs > 0))
    throw new InvalidInputError('options.olderThanMs', 'is not a finite number above 0');
  if (!(Number.isSafeInteger(limit) && limit > 0))
    throw new InvalidInputError('options.limit', 'is not a whole number above 0');
  const io = signal ? { signal } : {};
  const tell = quietly(onEvent);
  const failed: (RecordName & { readonly error: unknown })[] = [];
  let left = limit;

  const isOld = ({ updatedAt }: Listed) => updatedAt <= clock.now() - olderThanMs;
  const sweep = async (
    kind: RecordName['kind'],
    records: Store['logs' | 'documents'],
    remove: (key: Key) => Promise<boolean>,
  ) => {
    const deleted: Key[] = [];
    for await (const item of records.list(prefix, io)) {
      if (left === 0) break;
      if (!isOld(item)) continue;
      const { key } = item;
      try {
        if (!(await remove(key))) continue;
        deleted.push(key);
        left--;
        tell({ type: 'record-deleted', kind, key });
      } catch (error) {
        if (signal?.aborted || StoreClosedError.isInstance(error)) throw error;
        // Somebody wrote to it meanwhile, so it is not inactive.
        if (ConflictError.isInstance(error)) continue;
        failed.push({ kind, key, error });
        tell({ type: 'delete-failed', kind, key, error });
      }
    }
    return deleted;
  };
  const documents = await sweep('document', store.documents, async (key) => {
    const found = await store.documents.get(key, io);
    if (!found || !isOld(found)) return false;
    return store.documents.delete(key, { expect: { version: found.version }, ...io });
  });
  const logs = await sweep('log', store.logs, async (key) => {
    for await (const found of store.logs.list(key, { limit: 1, ...io })) {
      // The first record under a key is the one of that key, where there is one.
      if (found.key.length !== key.length || !isOld(found)) return false;
      return store.logs.delete(key, io);
    }
    return false;
  });
  return { documents, logs, failed, more: left === 0 };
}
