import { ConflictError } from '../errors/conflict-error.js';
import { PendingError } from '../errors/pending-error.js';
import { canonicalJson } from '../json.js';
import type { JsonValue } from '../message/message.js';
import type { Key, LogEntry, Store } from '../store/store.js';
import type { Coverage, EntryInput } from './entry.js';
import { fromLog, toLog } from './parse-entry.js';
import { stubData } from './stub.js';
import { liesWithin } from './to-view.js';
import { tryAppend } from './try-append.js';

const maxAttempts = 20;

/** What redactions name: entries whose text is gone, and shapes made from them. */
export interface Marks {
  readonly ids: Iterable<string>;
  readonly derived: Iterable<string>;
}

interface MarkSets extends Marks {
  readonly ids: ReadonlySet<string>;
  readonly derived: ReadonlySet<string>;
}

/** Marks, then rewrites. Between the two a reader already sees stubs, and whoever repeats the call finishes the work. */
export async function redactEntries(
  store: Store,
  key: Key,
  ids: readonly string[],
  newId: () => string,
): Promise<void> {
  const marks = await mark(store, key, ids, newId);
  for (let attempt = 0; attempt < maxAttempts; attempt++) {
    const left = [];
    for await (const stored of store.logs.read(key)) {
      const body = stubBody(key, stored, marks);
      if (body && canonicalJson(body) !== canonicalJson(stored.body))
        left.push({ id: stored.id, body, revision: stored.revision });
    }
    if (left.length === 0) return;
    await store.logs.rewrite(key, left);
  }
  throw new ConflictError(key, {
    reason: 'someone else changed it; the redaction is in force',
  });
}

/** The stored form of what a redaction leaves of an entry; undefined where it leaves all of it. */
export function stubBody(key: Key, stored: LogEntry, marks: MarkSets): JsonValue | undefined {
  if (!marks.ids.has(stored.id) && !marks.derived.has(stored.id)) return undefined;
  const entry = fromLog(key, stored);
  const { kind, version, turnId, agentId } = entry;
  const { at } = stored.body as { readonly at?: number };
  // Through JSON: what is undefined must be absent, as in what is stored.
  return JSON.parse(
    JSON.stringify({ kind, version, turnId, agentId, at, data: stubData(entry) }),
  ) as JsonValue;
}

/** Every redaction that the log knows of, from this seq on. */
export async function readMarks(store: Store, key: Key, from = 1): Promise<MarkSets> {
  const ids = new Set<string>();
  const derived = new Set<string>();
  for await (const stored of store.logs.read(key, { from })) {
    const entry = fromLog(key, stored);
    if (entry.kind !== 'redaction') continue;
    for (const id of entry.data.ids) ids.add(id);
    for (const id of entry.data.derived) derived.add(id);
  }
  return { ids, derived };
}

async function mark(
  store: Store,
  key: Key,
  wanted: readonly string[],
  newId: () => string,
): Promise<MarkSets> {
  for (let attempt = 0; attempt < maxAttempts; attempt++) {
    const head = await store.logs.head(key);
    const { derived, pending } = await findDerived(store, key, wanted);
    if (pending) throw new PendingError(key);
    const entry: EntryInput = { id: newId(), version: 1, kind: 'redaction', data: { ids: wanted, derived } };
    // `expect`: a summary of this text that is stored meanwhile has to be found, too.
    if (head && (await tryAppend(store, key, toLog(key, [entry]), { expect: head })))
      return await readMarks(store, key);
    if (!head) return { ids: new Set(), derived: new Set() };
  }
  throw new ConflictError(key);
}

/** Overlays that cover one of the messages, or hold a shorter form of it. */
async function findDerived(
  store: Store,
  key: Key,
  wanted: readonly string[],
): Promise<{ derived: string[]; pending: boolean }> {
  const ids = new Set(wanted);
  const ends = new Map<string, number>();
  const messages: { seq: number; turnId: string | undefined }[] = [];
  const overlays: { id: string; covers: Coverage; replaces: readonly string[] }[] = [];
  const derived: string[] = [];
  let pending = false;
  for await (const stored of store.logs.read(key)) {
    const entry = fromLog(key, stored);
    pending ||= entry.pending ?? false;
    if (entry.kind === 'turn' && entry.data.state === 'completed')
      ends.set(entry.turnId as string, entry.seq);
    if (entry.kind === 'message' && ids.has(entry.id))
      messages.push({ seq: entry.seq, turnId: entry.turnId });
    if (entry.kind === 'overlay') {
      overlays.push({
        id: entry.id,
        covers: entry.data.covers,
        replaces: Object.keys(entry.data.replace ?? {}),
      });
    }
  }
  for (const { id, covers, replaces } of overlays) {
    const saw = messages.some(({ seq, turnId }) => {
      const turnSeq = turnId === undefined ? seq : (ends.get(turnId) ?? Number.POSITIVE_INFINITY);
      return liesWithin(covers, { turnId, turnSeq, seq });
    });
    if (saw || ids.has(id) || replaces.some((replaced) => ids.has(replaced))) derived.push(id);
  }
  return { derived, pending };
}
