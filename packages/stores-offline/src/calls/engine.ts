import {
  checkKey,
  checkPrefix,
  type IoOptions,
  type Key,
  type Store,
  StoreClosedError,
  StoreUnavailableError,
} from '@loci/core';
import { createReadingMarks, type ReadingMarks } from '../copy/reading-marks.js';
import type { Delivery } from '../delivery/delivery.js';
import type { LocalFeed } from '../feed.js';
import type { Link } from '../link.js';
import type { Settings } from '../options.js';
import type { Session } from '../session.js';
import { within } from '../within.js';

/** What is left of the deadline of a call. */
export interface Budget {
  /** For the server, in milliseconds. */
  server(): number;
}

/** What every call has in hand. */
export interface Engine {
  readonly store: Store;
  readonly settings: Settings;
  readonly link: Link;
  readonly feed: LocalFeed;
  readonly marks: ReadingMarks;
  readonly delivery: Delivery;
  /** Writes that were sent, have no answer, and are not queued. */
  readonly unsure: Set<string>;
  /** Refuses what is no key, and every call after the end. */
  enter(key: Key, io: IoOptions | undefined, isPrefix?: boolean): void;
  /** Runs a call within its deadline, with the journal in hand. */
  run<T>(io: IoOptions | undefined, call: (session: Session, budget: Budget) => Promise<T>): Promise<T>;
  /** Work that no call waits for; what it throws is an event. */
  later(work: () => Promise<void>): void;
  /** Resolves when there is no such work left. */
  settled(): Promise<void>;
}

export function createEngine(
  parts: Pick<Engine, 'store' | 'settings' | 'link' | 'feed' | 'delivery'>,
  open: (waitMs: number) => Promise<Session>,
  isClosed: () => boolean,
): Engine {
  const { clock, deadlineMs, serverMs, onEvent } = parts.settings;
  const work = new Set<Promise<void>>();
  const late = () => new StoreUnavailableError('the journal did not answer in time');

  return {
    ...parts,
    marks: createReadingMarks(),
    unsure: new Set(),
    enter(key, io, isPrefix = false) {
      if (isClosed()) throw new StoreClosedError();
      io?.signal?.throwIfAborted();
      if (isPrefix) checkPrefix(key);
      else checkKey(key);
    },
    run(io, call) {
      const endAt = clock.now() + serverMs;
      const budget = { server: () => Math.max(0, endAt - clock.now()) };
      return within(
        clock,
        deadlineMs,
        io?.signal,
        async () => {
          let session = await open(budget.server());
          await session.lease.hold().catch((error: unknown) => {
            if (!session.lost) throw error;
          });
          if (session.lost) session = await open(budget.server());
          if (isClosed()) throw new StoreClosedError();
          return call(session, budget);
        },
        late,
      );
    },
    later(run) {
      const done = run()
        .catch((error: unknown) => onEvent({ type: 'journal-failed', error }))
        .finally(() => work.delete(done));
      work.add(done);
    },
    async settled() {
      while (work.size > 0) await Promise.all(work);
    },
  };
}
