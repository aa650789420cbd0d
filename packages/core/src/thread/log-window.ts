import { DamagedRecordError } from '../errors/damaged-record-error.js';
import type { Key, Store } from '../store/store.js';
import type { Entry } from './entry.js';
import { fromLog } from './parse-entry.js';

const smallestPage = 64;
const largestPage = 1024;

/** The newest entries of one log, kept in memory: grows forward with what is appended and backward on demand. */
export interface LogWindow {
  /** Reads what was appended since. Resolves true where what was held is no longer the log (deleted, redacted). */
  refresh(): Promise<boolean>;
  /** Seq of the newest entry; 0 for an empty log. */
  readonly head: number;
  readonly epoch: string | undefined;
  /** The entry with this seq, read in pages from the store where it is older than what is held. */
  at(seq: number): Promise<Entry | undefined>;
  /** Lets go of entries before `seq`, once they are most of what is held. */
  trim(seq: number): void;
}

/** Thrown where the log is no longer the one whose head was looked at; the reader begins again. */
export class LogMoved extends Error {}

export function openLogWindow(store: Store, key: Key, limit = Number.POSITIVE_INFINITY): LogWindow {
  let held: Entry[] = [];
  /** Seq of `held[0]`. */
  let base = 1;
  let head = 0;
  let epoch: string | undefined;
  /** Entries far behind the window that shapes and pins refer to. */
  const far = new Map<number, Entry>();

  async function load(from: number, to: number, of: string | undefined): Promise<Entry[]> {
    const entries: Entry[] = [];
    for await (const stored of store.logs.read(key, { from, to })) {
      const entry = fromLog(key, stored);
      if (entry.seq !== from + entries.length) break;
      entries.push(entry);
    }
    if (entries.length === to - from + 1) return entries;
    // Deleted or expired since its head was looked at: another log, not a damaged one.
    if ((await store.logs.head(key))?.epoch !== of) throw new LogMoved();
    throw new DamagedRecordError(key, from + entries.length, 'it is missing');
  }

  /** What was queued is read again: it has its place, and its seq, only once it is stored. */
  function dropPending(): void {
    while (held.at(-1)?.pending) {
      held.pop();
      head--;
    }
  }

  return {
    get head() {
      return head;
    },
    get epoch() {
      return epoch;
    },
    async refresh() {
      dropPending();
      const now = await store.logs.head(key);
      const newest = Math.min(now?.seq ?? 0, limit);
      const moved = now?.epoch !== epoch || newest < head;
      if (!moved && newest === head) return false;
      const fresh = moved || head === 0 ? [] : await load(head + 1, newest, now?.epoch);
      const stale = moved ? epoch !== undefined : fresh.some((entry) => entry.kind === 'redaction');
      epoch = now?.epoch;
      if (moved || stale || head === 0) {
        held = [];
        far.clear();
        base = newest + 1;
      } else {
        for (const entry of fresh) held.push(entry);
      }
      head = newest;
      return stale;
    },
    async at(seq) {
      if (seq < 1 || seq > head) return undefined;
      if (seq < base - smallestPage) {
        const known = far.get(seq) ?? (await load(seq, seq, epoch))[0];
        if (known) far.set(seq, known);
        return known;
      }
      if (seq < base) {
        // Growing pages: a reader of everything must not copy what it holds for every few entries.
        const page = Math.min(largestPage, Math.max(smallestPage, held.length));
        const from = Math.max(1, base - page);
        held = (await load(from, base - 1, epoch)).concat(held);
        base = from;
      }
      return held[seq - base];
    },
    trim(seq) {
      if ((seq - base) * 2 <= held.length + smallestPage) return;
      held = held.slice(seq - base);
      base = seq;
    },
  };
}
