import {
  checkRead,
  type Key,
  type LogEntry,
  type LogStore,
  type ReadOptions,
  StoreUnavailableError,
} from '@loci/core';
import type { SeenEntry } from '../copy/entry-copy.js';
import { toSeenEntry } from '../copy/log-copy.js';
import { logName } from '../names.js';
import type { Session } from '../session.js';
import type { Engine } from './engine.js';
import { ask } from './iterate.js';
import { readLocally } from './local-logs.js';

/** Entries are noted in the copy in runs of this size at most. */
const mostNoted = 1024;

export function createReader(engine: Engine): LogStore['read'] {
  const { store, link, marks, settings, delivery } = engine;

  return async function* (key, io = {}) {
    engine.enter(key, io);
    checkRead(io);
    const session = await engine.run(io, async (current) => current);
    let rest: ReadOptions = io;
    if (!link.away && session.queue.of(logName(key)).length > 0) {
      let given = 0;
      try {
        for await (const entry of readLocally(engine, session, key, io)) {
          given++;
          yield entry;
        }
        return;
      } catch (error) {
        if (given > 0 || !StoreUnavailableError.isInstance(error)) throw error;
        // What the copy lacks can be read as soon as the queue is empty.
        await engine.run(io, (_, budget) => delivery.drained(session, budget.server()));
      }
    }
    if (!link.away && session.queue.of(logName(key)).length === 0) {
      try {
        for await (const entry of readServer(session, key, io)) {
          yield entry;
          rest = after(rest, entry);
        }
        return;
      } catch (error) {
        if (!StoreUnavailableError.isInstance(error)) throw error;
      }
    }
    yield* readLocally(engine, session, key, rest);
  };

  async function* readServer(
    session: Session,
    key: Key,
    io: ReadOptions,
  ): AsyncGenerator<LogEntry, void, undefined> {
    const mark = marks.begin(logName(key));
    let read: SeenEntry[] = [];
    let left = 1;
    let epoch: string | undefined;
    const note = () => {
      const entries = read;
      read = [];
      left++;
      engine.later(() =>
        noteEntries(session, key, epoch, entries, mark).finally(() => {
          if (--left === 0) mark.end();
        }),
      );
    };
    try {
      const seen = await session.lock(() => session.logs.get(key)).catch(() => undefined);
      epoch = typeof seen === 'object' ? seen.epoch : (await askHead(key, io.signal))?.epoch;
      for await (const entry of ask(engine, key, io, (signal) => store.logs.read(key, { ...io, signal }))) {
        if (!entry.pending) read.push(toSeenEntry(entry));
        if (read.length >= mostNoted) note();
        yield entry;
      }
    } finally {
      if (read.length > 0) note();
      if (--left === 0) mark.end();
    }
  }

  /**
   * An entry does not say which log it is of: it is of the one that was there before the reading, where that still is
   * there after it. They are noted at once, for a server that leaves now, and dropped where it was another one.
   */
  async function noteEntries(
    session: Session,
    key: Key,
    epoch: string | undefined,
    entries: readonly SeenEntry[],
    mark: { readonly current: boolean },
  ): Promise<void> {
    if (epoch === undefined) return;
    const seq = entries.reduce((last, entry) => Math.max(last, entry.seq), 0);
    const isNew = await session.lock(async () => {
      if (!mark.current || (await session.logs.holds(key, epoch, entries))) return false;
      await session.logs.seen(key, { epoch, seq }, settings.clock.now());
      await session.logs.add(key, epoch, entries);
      return true;
    });
    if (!isNew || link.away) return;
    const head = await askHead(key, undefined).catch(() => undefined);
    await session.lock(async () => {
      if (head && mark.current) await session.logs.seen(key, head, settings.clock.now());
    });
  }

  function askHead(key: Key, signal: AbortSignal | undefined) {
    return link.ask(key, settings.serverMs, signal, (stop) => store.logs.head(key, { signal: stop }));
  }
}

/** What is left to read after this entry. */
function after(options: ReadOptions, { seq }: LogEntry): ReadOptions {
  const { limit } = options;
  const less = limit === undefined ? {} : { limit: limit - 1 };
  return options.reverse ? { ...options, ...less, to: seq - 1 } : { ...options, ...less, from: seq + 1 };
}
