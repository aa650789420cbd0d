import { type Clock, systemClock } from '../clock.js';
import { ConflictError } from '../errors/conflict-error.js';
import { StoreClosedError } from '../errors/store-closed-error.js';
import { toJsonText } from '../json.js';
import type { JsonValue } from '../message/message.js';
import { randomId as secureId } from '../random-id.js';
import { checkAppend, checkDelete, checkPut, checkRead, checkRewrite } from './check-options.js';
import { checkKey, checkPrefix, encodeKey } from './key.js';
import { createMemoryFeed } from './memory-feed.js';
import type { Expect, IoOptions, Key, Listed, ListOptions, LogEntry, Store, Version } from './store.js';

const keptOperations = 32;

interface StoredRecord {
  readonly key: Key;
  updatedAt: number;
  expiresAt: number | undefined;
}
interface Document extends StoredRecord {
  readonly epoch: string;
  /** Counts the versions of this record. */
  count: number;
  text: string;
  /** Operation ids of the newest versions, oldest first. */
  operations: { readonly id: string; readonly version: Version }[];
}
interface Log extends StoredRecord {
  readonly epoch: string;
  readonly entries: { readonly id: string; readonly at: number; text: string; revision: number }[];
  readonly seqs: Map<string, number>;
}

export interface MemoryStoreOptions {
  readonly clock?: Clock;
  readonly randomId?: () => string;
}

/**
 * The reference store: everything in this process, nothing kept after it. Values are held as JSON text, so what is
 * read is always a copy.
 *
 * @example
 * const store = createMemoryStore();
 */
export function createMemoryStore(options: MemoryStoreOptions = {}): Store {
  const clock = options.clock ?? systemClock;
  const newId = options.randomId ?? secureId;
  const documents = new Map<string, Document>();
  const logs = new Map<string, Log>();
  const feed = createMemoryFeed();
  let closed = false;

  function enter(key: Key, io?: IoOptions): string {
    if (closed) throw new StoreClosedError();
    io?.signal?.throwIfAborted();
    checkKey(key);
    return encodeKey(key);
  }
  function living<T extends StoredRecord>(records: Map<string, T>, name: string): T | undefined {
    const found = records.get(name);
    if (found?.expiresAt === undefined || found.expiresAt > clock.now()) return found;
    records.delete(name);
    return undefined;
  }
  const expiry = (record: StoredRecord | undefined, ttlMs: number | undefined) =>
    ttlMs === undefined ? record?.expiresAt : clock.now() + ttlMs;

  async function* list(
    records: Map<string, StoredRecord>,
    prefix: Key,
    io: ListOptions = {},
  ): AsyncGenerator<Listed, void, undefined> {
    if (closed) throw new StoreClosedError();
    io.signal?.throwIfAborted();
    checkPrefix(prefix);
    checkRead(io);
    const start = encodeKey(prefix);
    const after = io.after === undefined ? '' : enter(io.after);
    const names = [...records.keys()].filter((name) => name.startsWith(start) && name > after).sort();
    let left = io.limit ?? Number.POSITIVE_INFINITY;
    for (const name of names) {
      io.signal?.throwIfAborted();
      if (left <= 0) return;
      const found = living(records, name);
      if (!found) continue;
      left--;
      yield listed(found);
    }
  }

  return Object.freeze({
    supports: Object.freeze({
      durability: 'memory',
      ttlGranularityMs: 1,
      feed: 'push',
      pending: false,
    } as const),
    documents: Object.freeze({
      async get(key: Key, io?: IoOptions) {
        const found = living(documents, enter(key, io));
        return (
          found && { ...listed(found), value: JSON.parse(found.text) as JsonValue, version: versionOf(found) }
        );
      },
      async put(key, value, io) {
        const name = enter(key, io);
        checkPut(io);
        const text = toJsonText(value);
        const found = living(documents, name);
        const applied = found?.operations.find((operation) => operation.id === io.operationId);
        if (applied) return { version: applied.version, replayed: true };
        if (!matches(found, io.expect))
          throw new ConflictError(key, { mayHaveApplied: mayHaveApplied(found, io.expect) });
        const next: Document = found ?? {
          key: [...key],
          epoch: newId(),
          count: 0,
          text,
          operations: [],
          updatedAt: 0,
          expiresAt: undefined,
        };
        next.count += 1;
        next.text = text;
        next.updatedAt = clock.now();
        next.expiresAt = expiry(found, io.ttlMs);
        const version = versionOf(next);
        next.operations = [...next.operations, { id: io.operationId, version }].slice(-keptOperations);
        documents.set(name, next);
        feed.publish('document', next.key);
        return { version, replayed: false };
      },
      async delete(key, io) {
        const name = enter(key, io);
        checkDelete(io);
        const found = living(documents, name);
        if (!matches(found, io.expect)) throw new ConflictError(key);
        if (found) feed.publish('document', found.key);
        return documents.delete(name);
      },
      list: (prefix, io) => list(documents, prefix, io),
    } satisfies Store['documents']),
    logs: Object.freeze({
      async append(key, entries, io = {}) {
        const name = enter(key, io);
        checkAppend(entries, io);
        const texts = entries.map((entry, index) => toJsonText(entry.body, `entries[${index}].body`));
        const found = living(logs, name);
        const seen = entries.flatMap((entry) => found?.seqs.get(entry.id) ?? []);
        if (found && seen.length === entries.length) {
          return {
            epoch: found.epoch,
            firstSeq: smallest(seen),
            lastSeq: largest(seen),
            outcome: 'replayed',
          };
        }
        if (seen.length > 0)
          throw new ConflictError(key, { reason: 'some of these entries are already in the log' });
        const { expect } = io;
        if (
          expect === 'absent'
            ? found
            : expect && (expect.epoch !== found?.epoch || expect.seq !== found.entries.length)
        ) {
          throw new ConflictError(key);
        }
        const log: Log = found ?? {
          key: [...key],
          epoch: newId(),
          entries: [],
          seqs: new Map(),
          updatedAt: 0,
          expiresAt: undefined,
        };
        const firstSeq = log.entries.length + 1;
        const at = clock.now();
        for (const [index, { id }] of entries.entries()) {
          log.entries.push({ id, at, text: texts[index] as string, revision: 0 });
          log.seqs.set(id, log.entries.length);
        }
        log.updatedAt = at;
        log.expiresAt = expiry(found, io.ttlMs);
        logs.set(name, log);
        feed.publish('log', log.key);
        return { epoch: log.epoch, firstSeq, lastSeq: log.entries.length, outcome: 'appended' };
      },
      async *read(key, io = {}) {
        const name = enter(key, io);
        checkRead(io);
        const log = living(logs, name);
        const from = Math.max(io.from ?? 1, 1);
        const to = Math.min(io.to ?? Number.POSITIVE_INFINITY, log?.entries.length ?? 0);
        const size = Math.max(0, Math.min(to - from + 1, io.limit ?? Number.POSITIVE_INFINITY));
        for (let index = 0; index < size; index++) {
          io.signal?.throwIfAborted();
          const seq = io.reverse ? to - index : from + index;
          const { id, at, text, revision } = (log as Log).entries[seq - 1] as Log['entries'][number];
          yield { id, seq, at, revision, body: JSON.parse(text) as JsonValue } satisfies LogEntry;
        }
      },
      async head(key, io) {
        const log = living(logs, enter(key, io));
        return log && { epoch: log.epoch, seq: log.entries.length };
      },
      async rewrite(key, entries, io) {
        const name = enter(key, io);
        checkRewrite(entries);
        const texts = entries.map((entry, index) => toJsonText(entry.body, `entries[${index}].body`));
        const log = living(logs, name);
        const written: string[] = [];
        for (const [index, { id, revision }] of entries.entries()) {
          const stored = log?.entries[(log.seqs.get(id) ?? 0) - 1];
          if (stored?.revision !== revision) continue;
          stored.text = texts[index] as string;
          stored.revision += 1;
          written.push(id);
        }
        if (log && written.length > 0) {
          log.updatedAt = clock.now();
          feed.publish('log', log.key);
        }
        return written;
      },
      async delete(key, io) {
        const name = enter(key, io);
        const found = living(logs, name);
        if (found) feed.publish('log', found.key);
        return logs.delete(name);
      },
      list: (prefix, io) => list(logs, prefix, io),
    } satisfies Store['logs']),
    feed: Object.freeze({
      watch(prefix, { signal }) {
        if (closed) throw new StoreClosedError();
        checkPrefix(prefix);
        return feed.watch(prefix, signal);
      },
    } satisfies Store['feed']),
    async close() {
      closed = true;
      feed.close();
      return { unsaved: [] };
    },
  });
}

function listed({ key, updatedAt, expiresAt }: StoredRecord): Listed {
  return { key: [...key], updatedAt, ...(expiresAt === undefined ? {} : { expiresAt }) };
}

function versionOf({ epoch, count }: Document): Version {
  return `${epoch}.${count}` as Version;
}

function matches(found: Document | undefined, expect: Expect): boolean {
  if (expect === 'any') return true;
  if (expect === 'absent') return found === undefined;
  return found !== undefined && versionOf(found) === expect.version;
}

/** Whether the version after `expect`, which an earlier attempt would have made, is older than what is remembered. */
function mayHaveApplied(found: Document | undefined, expect: Expect): boolean {
  if (expect === 'any') return false;
  if (expect === 'absent') return (found?.count ?? 0) > keptOperations;
  const [epoch, count] = expect.version.split('.');
  return found === undefined || found.epoch !== epoch || found.count - Number(count) > keptOperations;
}

const smallest = (values: readonly number[]) => values.reduce((a, b) => Math.min(a, b));
const largest = (values: readonly number[]) => values.reduce((a, b) => Math.max(a, b));
