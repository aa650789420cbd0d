import {
  checkKey,
  checkRead,
  type DocumentStore,
  encodeKey,
  hasPrefix,
  type Key,
  type Listed,
  type ListOptions,
  StoreUnavailableError,
} from '@loci/core';
import { readFields } from '../fields.js';
import { places } from '../names.js';
import type { Session } from '../session.js';
import type { Engine } from './engine.js';
import { ask } from './iterate.js';
import { lookAtDocument } from './local-documents.js';
import { lookAtLog } from './local-logs.js';

type List = DocumentStore['list'];
/** What a key that is known here is in a listing; `undefined`: not in it. */
type Look = (engine: Engine, session: Session, key: Key) => Promise<Listed | undefined>;

export function listDocuments(engine: Engine): List {
  const known = (session: Session) => keys(engine, session, places.documents, ['put', 'delete']);
  const look: Look = async (...given) => {
    const local = await lookAtDocument(...given);
    return typeof local === 'object' ? local : undefined;
  };
  return list(engine, (prefix, io) => engine.store.documents.list(prefix, io), known, look);
}

export function listLogs(engine: Engine): List {
  const known = (session: Session) => keys(engine, session, places.logs, ['append', 'delete-log']);
  const look: Look = async (given, session, key) => {
    const local = await lookAtLog(given, session, key);
    const { epoch, updatedAt, expiresAt } = local;
    return epoch === undefined
      ? undefined
      : { key, updatedAt, ...(expiresAt !== undefined && { expiresAt }) };
  };
  return list(engine, (prefix, io) => engine.store.logs.list(prefix, io), known, look);
}

/** The server's listing; what is known here from where that breaks, or while it lacks what is queued. */
function list(engine: Engine, direct: List, known: (session: Session) => Promise<Key[]>, look: Look): List {
  const { link, delivery } = engine;
  return async function* (prefix, io = {}) {
    engine.enter(prefix, io, true);
    checkRead(io);
    if (io.after !== undefined) checkKey(io.after);
    let { after, limit } = io;
    const session = await engine.run(io, async (current, budget) => {
      if (!link.away) await delivery.drained(current, budget.server());
      return current;
    });
    if (!link.away && session.queue.size === 0) {
      try {
        for await (const item of ask(engine, prefix, io, (signal) => direct(prefix, { ...io, signal }))) {
          yield item;
          after = item.key;
          if (limit !== undefined) limit--;
        }
        return;
      } catch (error) {
        if (!StoreUnavailableError.isInstance(error)) throw error;
      }
    }
    const options = { ...(after && { after }), ...(limit !== undefined && { limit }) };
    const found = await engine.run(io, (current) =>
      current.lock(async () =>
        listLocally(await known(current), prefix, options, (key) => look(engine, current, key)),
      ),
    );
    for (const item of found) {
      io.signal?.throwIfAborted();
      yield item;
    }
  };
}

async function listLocally(
  known: readonly Key[],
  prefix: Key,
  { after, limit = Number.POSITIVE_INFINITY }: ListOptions,
  look: (key: Key) => Promise<Listed | undefined>,
): Promise<Listed[]> {
  const byName = new Map(known.filter((key) => hasPrefix(key, prefix)).map((key) => [encodeKey(key), key]));
  const start = after === undefined ? '' : encodeKey(after);
  const found: Listed[] = [];
  for (const name of [...byName.keys()].filter((each) => each > start).sort()) {
    if (found.length >= limit) break;
    const key = byName.get(name) ?? [];
    const item = await look(key);
    if (!item) continue;
    const { updatedAt, expiresAt } = item;
    found.push({ key: [...key], updatedAt, ...(expiresAt === undefined ? {} : { expiresAt }) });
  }
  return found;
}

/** Every key that the copy or the queue knows something of. */
async function keys(
  { settings }: Engine,
  session: Session,
  place: Key,
  ops: readonly string[],
): Promise<Key[]> {
  await session.cache.flush();
  const found = [...session.queue.all()].filter(({ op }) => ops.includes(op)).map(({ key }) => key);
  for await (const { key } of settings.journal.documents.list(place)) {
    const stored = await session.cache.get(key);
    if (stored !== undefined) found.push(readFields(key, stored).key('key'));
  }
  return found;
}
