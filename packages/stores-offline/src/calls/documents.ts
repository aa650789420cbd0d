import {
  checkDelete,
  checkPut,
  type DocumentStore,
  type JsonValue,
  type Key,
  type StoredDocument,
  StoreUnavailableError,
  toJsonText,
} from '@loci/core';
import { documentName } from '../names.js';
import { type Session, translate } from '../session.js';
import type { Engine } from './engine.js';
import { listDocuments } from './list.js';
import { deleteLocally, getLocally, putLocally } from './local-documents.js';

/** The documents of the server while it answers and nothing is queued, and those of the journal otherwise. */
export function createDocuments(engine: Engine): DocumentStore {
  const { store, link, marks } = engine;

  return Object.freeze<DocumentStore>({
    async get(key, io) {
      engine.enter(key, io);
      const name = documentName(key);
      return engine.run(io, async (session, budget) => {
        if (link.away || session.queue.of(name).length > 0) return getLocally(engine, session, key);
        const mark = marks.begin(name);
        try {
          const found = await link.ask(key, budget.server(), io?.signal, (signal) =>
            store.documents.get(key, { ...io, signal }),
          );
          noteReading(session, key, found, mark);
          // A write was queued meanwhile: what is acknowledged here is seen here.
          if (session.queue.of(name).length > 0) return getLocally(engine, session, key);
          return found;
        } catch (error) {
          mark.end();
          if (!StoreUnavailableError.isInstance(error)) throw error;
          return getLocally(engine, session, key);
        }
      });
    },

    async put(key, value, io) {
      engine.enter(key, io);
      checkPut(io);
      const text = toJsonText(value);
      const copy = () => JSON.parse(text) as JsonValue;
      return engine.run(io, async (session, budget) => {
        const expect = translate(session, io.expect);
        if (!isDirect(session)) return putLocally(engine, session, key, copy(), { ...io, sent: false });
        try {
          const receipt = await link.ask(key, budget.server(), io.signal, (signal) =>
            store.documents.put(key, copy(), { ...io, expect, signal }),
          );
          marks.written(documentName(key));
          if (!receipt.replayed) notePut(session, key, copy(), receipt.version, io);
          return receipt;
        } catch (error) {
          if (!StoreUnavailableError.isInstance(error)) throw error;
          return putLocally(engine, session, key, copy(), { ...io, expect, sent: true });
        }
      });
    },

    async delete(key, io) {
      engine.enter(key, io);
      checkDelete(io);
      return engine.run(io, async (session, budget) => {
        const expect = translate(session, io.expect);
        if (!isDirect(session)) return deleteLocally(engine, session, key, { ...io, sent: false });
        try {
          const deleted = await link.ask(key, budget.server(), io.signal, (signal) =>
            store.documents.delete(key, { ...io, expect, signal }),
          );
          marks.written(documentName(key));
          engine.later(() => session.lock(async () => session.documents.deleted(key)));
          return deleted;
        } catch (error) {
          if (!StoreUnavailableError.isInstance(error)) throw error;
          return deleteLocally(engine, session, key, { expect, sent: true });
        }
      });
    },

    list: listDocuments(engine),
  });

  /** Only where nothing waits: what comes later is not to overtake it. */
  function isDirect({ queue }: Session): boolean {
    return !link.away && queue.size === 0;
  }

  function noteReading(
    session: Session,
    key: Key,
    found: StoredDocument | undefined,
    mark: ReturnType<typeof marks.begin>,
  ): void {
    // The caller may change what it was given.
    const copy = found && !found.pending ? structuredClone(found) : found;
    engine.later(() =>
      session
        .lock(async () => {
          if (mark.current && !copy?.pending) await session.documents.seen(key, copy);
        })
        .finally(mark.end),
    );
  }

  function notePut(
    session: Session,
    key: Key,
    value: JsonValue,
    version: StoredDocument['version'],
    io: Parameters<DocumentStore['put']>[2],
  ): void {
    const now = engine.settings.clock.now();
    engine.later(() =>
      session.lock(async () => {
        const before = await session.documents.get(key).catch(() => undefined);
        const kept = typeof before === 'object' ? before.expiresAt : undefined;
        const expiresAt = io.ttlMs === undefined ? kept : now + io.ttlMs;
        const written = { value, version, updatedAt: now, expiresAt };
        await session.documents.written(key, written, { id: io.operationId, version });
      }),
    );
  }
}
