import { type Clock, checkKey, type IoOptions, type Key, type Store, systemClock } from '@loci/core';
import { want, wantCount } from '../memory/memory-options.js';
import { allBelow, defaultKey, keysOf } from './conversation-keys.js';
import { deleteConversation } from './delete-conversation.js';

export interface DeleteInactiveConversationsOptions extends IoOptions {
  /** As of `openConversation`. @default ['loci'] */
  readonly key?: Key;
  /** How long ago the newest message and the newest change of the attributes are at least. */
  readonly olderThanMs: number;
  /** How many are deleted at most. @default 100 */
  readonly limit?: number;
  /** The clock by which the store stamps its writes. @default systemClock */
  readonly clock?: Clock;
}

export interface DeleteInactiveConversationsReport {
  /** Ids of what was deleted. */
  readonly deleted: readonly string[];
  /** True where `limit` was reached: call again. */
  readonly more: boolean;
}

/**
 * Deletes conversations by the age of their last activity, each as one; preferences stay. Call it until `more` is
 * false. Whether one is still old is looked at again just before it is deleted; a message that is appended in the
 * instant after that is deleted too, since no store can delete a log on a condition, so give `olderThanMs` room.
 *
 * @example
 * const week = 7 * 24 * 3600 * 1000;
 * while ((await deleteInactiveConversations(store, { olderThanMs: week })).more);
 */
export async function deleteInactiveConversations(
  store: Store,
  options: DeleteInactiveConversationsOptions,
): Promise<DeleteInactiveConversationsReport> {
  const { key = defaultKey, olderThanMs, limit = 100, clock = systemClock, signal } = options;
  const all = allBelow(key);
  checkKey(all);
  want(
    Number.isFinite(olderThanMs) && olderThanMs > 0,
    'options.olderThanMs',
    'is not a finite number above 0',
  );
  wantCount(limit, 'options.limit');
  const io = signal ? { signal } : {};
  const deleted: string[] = [];
  const seen = new Set<string>();

  /** When anybody last wrote to it; `undefined` where nothing is left. */
  async function lastActivity(id: string): Promise<number | undefined> {
    const keys = keysOf(key, id);
    const found: number[] = [];
    // The first log under a key is the one of that key, where there is one.
    for await (const log of store.logs.list(keys.thread, { ...io, limit: 1 }))
      if (log.key.length === keys.thread.length) found.push(log.updatedAt);
    for await (const document of store.documents.list(keys.attributes, { ...io, limit: 1 }))
      if (document.key.length === keys.attributes.length) found.push(document.updatedAt);
    return found.length > 0 ? Math.max(...found) : undefined;
  }

  for (const records of [store.logs, store.documents]) {
    for await (const { key: found } of records.list(all, io)) {
      const id = found[all.length];
      if (id === undefined || seen.has(id)) continue;
      seen.add(id);
      const at = await lastActivity(id);
      if (at !== undefined && at > clock.now() - olderThanMs) continue;
      if (deleted.length === limit) return { deleted, more: true };
      await deleteConversation(store, key, id, io);
      deleted.push(id);
    }
  }
  return { deleted, more: false };
}
