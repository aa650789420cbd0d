import { type CloseReport, type Store, StoreClosedError, StoreUnavailableError } from '@loci/core';
import { createDocuments } from './calls/documents.js';
import { createEngine } from './calls/engine.js';
import { createLogs } from './calls/logs.js';
import { createDelivery } from './delivery/delivery.js';
import { createWatchers } from './feed.js';
import { createLink } from './link.js';
import type { OfflineStore } from './offline-store.js';
import { checkOptions, type OfflineOptions } from './options.js';
import { createSearch } from './search.js';
import { openSession, type Session } from './session.js';
import { within } from './within.js';

/**
 * A store that goes on while its server is away: readings are answered from what was seen before, and writes are kept
 * in `journal` and delivered, in their order and once each, when the server is back. Closing it closes neither store.
 *
 * Throws `InvalidInputError` where an option is not usable. Opens the journal on first use.
 *
 * @example
 * const server = createRedisStore({ url: 'redis://localhost:6379' });
 * const store = offline(server, { journal: createSqliteStore({ path: 'journal.db' }) });
 */
export function offline(store: Store, options: OfflineOptions): OfflineStore {
  const settings = checkOptions(store, options);
  const { clock, deadlineMs, serverMs, probeDelayMs } = settings;
  const watchers = createWatchers();
  let session: Session | undefined;
  let opening: Promise<Session> | undefined;
  let closed: Promise<CloseReport> | undefined;

  const link = createLink(store, settings, () => {
    watchers.resync();
    delivery.start();
  });
  const delivery = createDelivery(
    store,
    settings,
    () => link,
    () => session,
  );
  const engine = createEngine(
    { store, settings, link, feed: watchers, delivery },
    open,
    () => closed !== undefined,
  );

  async function open(waitMs: number): Promise<Session> {
    if (session) return session;
    opening ??= openSession(settings, waitMs, () => {
      session = undefined;
    })
      .then((opened) => {
        session = opened;
        delivery.start();
        return opened;
      })
      .finally(() => {
        opening = undefined;
      });
    return opening;
  }

  async function close(timeoutMs: number): Promise<CloseReport> {
    const start = clock.now();
    watchers.close();
    const quietly = (share: number, work: () => Promise<unknown>) => {
      const ms = Math.max(0, start + timeoutMs * share - clock.now());
      return within(clock, ms, undefined, work, () => new StoreClosedError()).catch(() => {});
    };
    if (opening) await quietly(0.8, () => opening ?? Promise.resolve());
    const last = session;
    if (last && last.queue.size > 0)
      await quietly(0.8, async () => {
        await link.probe();
        while (!link.away && last.queue.size > 0) await delivery.drained(last, timeoutMs);
      });
    const stopped = delivery.stop();
    if (last && !last.lost)
      await quietly(1, async () => {
        await Promise.all([stopped, engine.settled()]);
        await last.cache.flush();
        await last.lease.release();
      });
    const reason = link.away ? 'its server is away' : 'it was not delivered in time';
    link.close();
    last?.lease.end();
    last?.cache.stop();
    const unsaved = [...(last?.queue.all() ?? [])].map(({ key, operationId }) => ({
      key,
      operationId,
      reason,
    }));
    return { unsaved };
  }

  const feed = store.feed && watchers.watch(store.feed, link);
  const search =
    store.search && createSearch(store.search, link, serverMs, (space) => engine.enter(space, {}));
  return Object.freeze<OfflineStore>({
    documents: createDocuments(engine),
    logs: createLogs(engine),
    supports: Object.freeze({
      ...store.supports,
      durability: weaker(store.supports.durability, settings.journal.supports.durability),
      pending: true,
    }),
    ...(feed ? { feed } : {}),
    ...(search ? { search } : {}),
    async status(io) {
      engine.enter(['offline'], io);
      return engine.run(io, async ({ queue, aside }) => ({
        state: link.away ? 'away' : queue.size > 0 ? 'delivering' : 'online',
        queued: queue.size,
        refused: aside.refusedList(),
        conflicts: aside.conflictCount,
      }));
    },
    async flush({ timeoutMs = deadlineMs, ...io } = {}) {
      engine.enter(['offline'], io);
      const current = await engine.run(io, async (opened) => opened);
      const late = () => new StoreUnavailableError(`${current.queue.size} writes are still queued`);
      await within(
        clock,
        timeoutMs,
        io.signal,
        async (signal) => {
          while (current.queue.size > 0 && !signal.aborted) {
            await link.probe();
            if (!link.away) await delivery.drained(current, timeoutMs);
            else await new Promise<void>((resolve) => clock.after(probeDelayMs, resolve));
          }
        },
        late,
      );
    },
    async conflicts(io) {
      engine.enter(['offline'], io);
      return engine.run(io, ({ aside }) => aside.conflicts());
    },
    async refused(io) {
      engine.enter(['offline'], io);
      return engine.run(io, ({ aside }) => aside.refused());
    },
    async discard(id, io) {
      engine.enter(['offline'], io);
      return engine.run(io, ({ aside }) => aside.discard(id));
    },
    close({ timeoutMs = deadlineMs } = {}) {
      closed ??= close(timeoutMs);
      return closed;
    },
  });
}

const strengths = ['memory', 'process', 'disk'] as const;

/** What is acknowledged is on one of the two. */
function weaker(a: (typeof strengths)[number], b: (typeof strengths)[number]): (typeof strengths)[number] {
  return strengths[Math.min(strengths.indexOf(a), strengths.indexOf(b))] ?? 'memory';
}
