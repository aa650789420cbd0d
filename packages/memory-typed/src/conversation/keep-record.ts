import {
  type IoOptions,
  type Key,
  type LogHead,
  type Store,
  StoreClosedError,
  StoreUnavailableError,
  type Thread,
} from '@loci/core';
import { addEntry, emptyTally, parseTally, type Tally } from './tally.js';

/** How often reading begins again because the log was deleted or expired under it. */
const maxAttempts = 5;

export interface RecordKeeper {
  /** The tally of everything that is in the log, going on from where it was left; `undefined` for an absent log. */
  read(io: IoOptions): Promise<Tally | undefined>;
}

/** Folds a thread into a document that whoever asks next goes on from. */
export function createRecordKeeper(options: {
  readonly store: Store;
  readonly thread: Thread;
  readonly key: Key;
  readonly ttlMs: number | undefined;
  readonly randomId: () => string;
}): RecordKeeper {
  const { store, thread, key, randomId } = options;
  const limits = options.ttlMs === undefined ? {} : { ttlMs: options.ttlMs };
  let held: Tally | undefined;
  let isNewer = false;

  async function begin(head: LogHead, io: IoOptions): Promise<Tally> {
    if (held?.cursor.epoch === head.epoch && held.cursor.seq <= head.seq) return held;
    const found = parseTally((await store.documents.get(key, io))?.value, head);
    isNewer = found === undefined;
    return found ?? emptyTally(head.epoch);
  }

  async function keep(tally: Tally, io: IoOptions): Promise<void> {
    held = tally;
    if (isNewer) return;
    try {
      // Whoever is further only has less to do, and whoever is behind goes on from here: each is true of its cursor.
      await store.documents.put(key, tally, { ...io, ...limits, expect: 'any', operationId: randomId() });
    } catch (error) {
      // It is derived: the next one makes it.
      if (!StoreUnavailableError.isInstance(error) && !StoreClosedError.isInstance(error)) throw error;
    }
  }

  return {
    async read(io) {
      for (let attempt = 1; ; attempt++) {
        const head = await store.logs.head(thread.key, io);
        if (!head) return undefined;
        const from = await begin(head, io);
        let last = from;
        let stored = from;
        for await (const entry of thread.entries({ ...io, from: from.cursor.seq + 1, to: head.seq })) {
          last = addEntry(last, entry);
          // What is only queued may get another seq.
          if (!entry.pending && stored.cursor.seq === entry.seq - 1) stored = last;
        }
        if (last === from) return from;
        const now = await store.logs.head(thread.key, io);
        if (now?.epoch !== head.epoch) {
          held = undefined;
          if (attempt < maxAttempts) continue;
          return undefined;
        }
        if (stored !== from) await keep(stored, io);
        return last;
      }
    },
  };
}
