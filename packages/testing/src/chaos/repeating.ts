import {
  type AppendReceipt,
  encodeKey,
  type Key,
  type LogStore,
  type PutReceipt,
  type Store,
  StoreUnavailableError,
} from '@loci/core';
import { toArray } from '../kit/assertions.js';

const maxAttempts = 100;

/**
 * A store that repeats a call after `StoreUnavailableError`, as its contract says that one may, until it is answered.
 * For proofs: it supposes that nobody else writes the same record at the same time, because what a lost answer said is
 * concluded from what is there afterwards:
 *
 * - `put` and `append` are answered `replayed` only where an earlier call with these ids was answered; where the lost
 *   call applied them, the repeat is answered as that call would have been.
 * - `delete` is answered `true` where the record was there before the call and is not any more.
 * - `rewrite` counts an entry as written where it is one revision further and holds the new body.
 * - Readings are read to their end before the first item is given.
 *
 * @example
 * storeConformance({ describe, it }, {
 *   name: 'repeating(chaos(my-store))',
 *   create: ({ clock }) => repeating(chaos(createMyStore({ clock }), { lostAnswers: 0.3 })),
 * });
 */
export function repeating(store: Store): Store {
  const { documents, logs } = store;
  /** Operation or epoch that this wrapper has answered, by key and id. */
  const answered = new Map<string, string>();
  const nameOf = (target: string, key: Key, id: string) => JSON.stringify([target, encodeKey(key), id]);

  return Object.freeze<Store>({
    ...store,
    documents: Object.freeze<Store['documents']>({
      get: (key, io) => repeat(() => documents.get(key, io)),
      async put(key, value, io) {
        const receipt = await repeat(
          () => documents.put(key, value, io),
          (again: PutReceipt) => ({
            ...again,
            replayed:
              again.replayed && answered.get(nameOf('document', key, io.operationId)) === again.version,
          }),
        );
        answered.set(nameOf('document', key, io.operationId), receipt.version);
        return receipt;
      },
      async delete(key, io) {
        const before = await repeat(() => documents.get(key, io));
        const gone = async () => before !== undefined && !(await repeat(() => documents.get(key, io)));
        return repeat(() => documents.delete(key, io), undefined, gone);
      },
      list: (prefix, io) => whole(() => documents.list(prefix, io), io?.signal),
    }),
    logs: Object.freeze<Store['logs']>({
      async append(key, entries, io) {
        const receipt = await repeat(
          () => logs.append(key, entries, io),
          (again: AppendReceipt) => {
            const known = entries.every(({ id }) => answered.get(nameOf('log', key, id)) === again.epoch);
            return again.outcome === 'replayed' && !known
              ? { ...again, outcome: 'appended' as const }
              : again;
          },
        );
        for (const { id } of entries) answered.set(nameOf('log', key, id), receipt.epoch);
        return receipt;
      },
      read: (key, io) => whole(() => logs.read(key, io), io?.signal),
      head: (key, io) => repeat(() => logs.head(key, io)),
      async rewrite(key, entries, io) {
        const written = new Set<string>();
        const look = () => findWritten(logs, key, entries);
        const before = await look();
        for (const id of await repeat(
          () => logs.rewrite(key, entries, io),
          async (ids: readonly string[]) => [...ids, ...(await look()).filter((id) => !before.includes(id))],
        ))
          written.add(id);
        return entries.map(({ id }) => id).filter((id) => written.has(id));
      },
      async delete(key, io) {
        const before = await repeat(() => logs.head(key, io));
        const gone = async () => before !== undefined && !(await repeat(() => logs.head(key, io)));
        return repeat(() => logs.delete(key, io), undefined, gone);
      },
      list: (prefix, io) => whole(() => logs.list(prefix, io), io?.signal),
    }),
  });
}

/** The ids of entries that already hold these bodies, one revision further. */
async function findWritten(
  logs: LogStore,
  key: Key,
  entries: Parameters<LogStore['rewrite']>[1],
): Promise<string[]> {
  if (!Array.isArray(entries) || entries.length === 0) return [];
  const stored = await repeat(() => toArray(logs.read(key)));
  return entries.flatMap((entry) => {
    const found = stored.find(({ id }) => id === entry?.id);
    const same = found && found.revision === entry.revision + 1;
    return same && JSON.stringify(found.body) === JSON.stringify(entry.body) ? [entry.id] : [];
  });
}

/**
 * Repeats `run` until it is answered. `settle` turns the answer of a repeat into what the first call would have
 * answered; `done` says after a failure whether the work is done all the same.
 */
async function repeat<T>(
  run: () => Promise<T>,
  settle?: (answer: T) => T | Promise<T>,
  done?: () => Promise<T & boolean>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      const answer = await run();
      return attempt > 1 && settle ? await settle(answer) : answer;
    } catch (error) {
      if (!StoreUnavailableError.isInstance(error) || attempt >= maxAttempts) throw error;
      if (done && (await done())) return true as T;
    }
  }
}

async function* whole<T>(
  run: () => AsyncIterable<T>,
  signal: AbortSignal | undefined,
): AsyncGenerator<T, void, undefined> {
  for (const item of await repeat(() => toArray(run()))) {
    signal?.throwIfAborted();
    yield item;
  }
}
