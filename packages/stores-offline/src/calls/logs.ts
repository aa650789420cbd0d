import {
  checkAppend,
  checkRewrite,
  type JsonValue,
  type Key,
  type LogAppend,
  type LogStore,
  StoreUnavailableError,
  toJsonText,
} from '@loci/core';
import { logName } from '../names.js';
import type { Session } from '../session.js';
import type { Budget, Engine } from './engine.js';
import { listLogs } from './list.js';
import { appendLocally, deleteLogLocally, headLocally } from './local-logs.js';
import { createReader } from './read-log.js';

/** The logs of the server while it answers and nothing is queued, and those of the journal otherwise. */
export function createLogs(engine: Engine): LogStore {
  const { store, link, marks, delivery } = engine;
  const { clock } = engine.settings;

  return Object.freeze<LogStore>({
    async append(key, given, io = {}) {
      engine.enter(key, io);
      checkAppend(given, io);
      const entries = given.map(({ id, body }, index) => ({
        id,
        body: copy(body, `entries[${index}].body`),
      }));
      return engine.run(io, async (session, budget) => {
        if (io.expect !== undefined) await mustBeDirect(session, budget);
        else if (!isDirect(session))
          return appendLocally(engine, session, key, entries, { ...io, sent: false });
        try {
          const receipt = await link.ask(key, budget.server(), io.signal, (signal) =>
            store.logs.append(key, structuredClone(entries), { ...io, signal }),
          );
          marks.written(logName(key));
          if (receipt.outcome !== 'pending') noteAppend(session, key, receipt, entries, io.ttlMs);
          return receipt;
        } catch (error) {
          if (!StoreUnavailableError.isInstance(error) || io.expect !== undefined) throw error;
          return appendLocally(engine, session, key, entries, { ...io, sent: true });
        }
      });
    },

    read: createReader(engine),

    async head(key, io) {
      engine.enter(key, io);
      const name = logName(key);
      return engine.run(io, async (session, budget) => {
        if (link.away || session.queue.of(name).length > 0) return headLocally(engine, session, key);
        const mark = marks.begin(name);
        try {
          const head = await link.ask(key, budget.server(), io?.signal, (signal) =>
            store.logs.head(key, { ...io, signal }),
          );
          engine.later(() =>
            session
              .lock(async () => {
                if (mark.current) await session.logs.seen(key, head, clock.now());
              })
              .finally(mark.end),
          );
          return session.queue.of(name).length > 0 ? headLocally(engine, session, key) : head;
        } catch (error) {
          mark.end();
          if (!StoreUnavailableError.isInstance(error)) throw error;
          return headLocally(engine, session, key);
        }
      });
    },

    async rewrite(key, given, io) {
      engine.enter(key, io);
      checkRewrite(given);
      const entries = given.map(({ id, revision, body }, index) => ({
        id,
        revision,
        body: copy(body, `entries[${index}].body`),
      }));
      return engine.run(io, async (session, budget) => {
        await mustBeDirect(session, budget);
        /** What was to be rewritten does not stay in the copy, also where it is not known whether it was. */
        const note = (written: readonly string[], rest: readonly string[]) => {
          const bodies = new Map<string, JsonValue | undefined>(rest.map((id) => [id, undefined]));
          for (const { id, body } of entries) if (written.includes(id)) bodies.set(id, body);
          marks.written(logName(key));
          engine.later(() => session.lock(() => session.logs.rewritten(key, bodies)));
        };
        try {
          const written = await link.ask(key, budget.server(), io?.signal, (signal) =>
            store.logs.rewrite(key, structuredClone(entries), { ...io, signal }),
          );
          note(written, []);
          return written;
        } catch (error) {
          if (StoreUnavailableError.isInstance(error))
            note(
              [],
              entries.map(({ id }) => id),
            );
          throw error;
        }
      });
    },

    async delete(key, io) {
      engine.enter(key, io);
      return engine.run(io, async (session, budget) => {
        if (!isDirect(session)) return deleteLogLocally(engine, session, key, { sent: false });
        try {
          const deleted = await link.ask(key, budget.server(), io?.signal, (signal) =>
            store.logs.delete(key, { ...io, signal }),
          );
          marks.written(logName(key));
          engine.later(() => session.lock(() => session.logs.seen(key, undefined, clock.now())));
          return deleted;
        } catch (error) {
          if (!StoreUnavailableError.isInstance(error)) throw error;
          return deleteLogLocally(engine, session, key, { sent: true });
        }
      });
    },

    list: listLogs(engine),
  });

  function isDirect({ queue }: Session): boolean {
    return !link.away && queue.size === 0;
  }

  /** For what only the server can decide: waits a little for the queue. */
  async function mustBeDirect(session: Session, budget: Budget): Promise<void> {
    if (!link.away) await delivery.drained(session, budget.server());
    if (isDirect(session)) return;
    const why = link.away ? 'its server is away' : 'other writes are still queued';
    throw new StoreUnavailableError(`${why}, and whether this write may be made is known only to the server`);
  }

  function noteAppend(
    session: Session,
    key: Key,
    receipt: Awaited<ReturnType<LogStore['append']>>,
    entries: readonly LogAppend[],
    ttlMs: number | undefined,
  ): void {
    const at = clock.now();
    engine.later(() =>
      session.lock(async () => {
        const { epoch, lastSeq, firstSeq, outcome } = receipt;
        const appended = outcome === 'appended';
        const expiry = appended && ttlMs !== undefined ? { expiresAt: at + ttlMs } : {};
        const touched = appended ? { updatedAt: at } : {};
        await session.logs.seen(key, { epoch, seq: lastSeq, ...touched, ...expiry }, at);
        // Where they were there before, the bodies of the first write won.
        if (!appended) return;
        const seen = entries.map((entry, index) => ({ ...entry, seq: firstSeq + index, at, revision: 0 }));
        await session.logs.add(key, epoch, seen);
      }),
    );
  }
}

function copy(body: JsonValue, path: string): JsonValue {
  return JSON.parse(toJsonText(body, path)) as JsonValue;
}
