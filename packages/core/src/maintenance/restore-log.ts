import type { JsonValue } from '../message/message.js';
import type { IoOptions, Key, LogAppend, LogHead, Store } from '../store/store.js';
import type { EntriesLine } from './backup-format.js';
import { isRecordFailure } from './record-failure.js';

/** One log of a backup on its way into a store. */
export interface LogRestore {
  /** Writes of a page what the store does not have yet. Does nothing once the log turned out to be another one. */
  add(page: EntriesLine, ttl: { readonly ttlMs?: number }): Promise<void>;
  /** Entries written so far. */
  readonly written: number;
}

/** With `resume` a log that holds the beginning of what comes is continued, and any other left as it is. */
export async function beginLog(store: Store, key: Key, resume: boolean, io: IoOptions): Promise<LogRestore> {
  let head: LogHead | undefined;
  let foreign = false;
  let written = 0;
  if (resume) {
    try {
      head = await store.logs.head(key, io);
    } catch (error) {
      if (!isRecordFailure(error)) throw error;
      foreign = true;
    }
  }
  return {
    async add({ from, entries: page }, ttl) {
      const entries = page.map((entry, index) => ('id' in entry ? entry : toLost(from + index, entry.lost)));
      if (foreign) return;
      const stored = Math.min(Math.max((head?.seq ?? 0) - from + 1, 0), entries.length);
      foreign = stored > 0 && !(await holds(store, key, from, entries.slice(0, stored), io));
      const rest = entries.slice(stored);
      if (foreign || rest.length === 0) return;
      const receipt = await store.logs.append(key, rest, { expect: head ?? 'absent', ...ttl, ...io });
      head = { epoch: receipt.epoch, seq: receipt.lastSeq };
      written += rest.length;
    },
    get written() {
      return written;
    },
  };
}

/** Keeps the place of an entry that could not be read, so that the seqs behind it stay. Threads take it for a plugin's. */
function toLost(seq: number, code: string): LogAppend {
  return { id: `loci-lost-${seq}`, body: { kind: 'loci/lost', version: 1, data: { code } } as JsonValue };
}

async function holds(
  store: Store,
  key: Key,
  from: number,
  entries: readonly LogAppend[],
  io: IoOptions,
): Promise<boolean> {
  let index = 0;
  try {
    for await (const { id } of store.logs.read(key, { ...io, from, to: from + entries.length - 1 }))
      if (id !== entries[index++]?.id) return false;
  } catch (error) {
    if (isRecordFailure(error)) return false;
    throw error;
  }
  return index === entries.length;
}
