import {
  type AppendReceipt,
  ConflictError,
  checkAppend,
  encodeKey,
  type Key,
  type LogAppend,
  type LogEntry,
  type LogHead,
  type LogStore,
  type ReadOptions,
  StoreUnavailableError,
  toJsonText,
} from '@loci/core';
import { toArray } from '../kit/assertions.js';

interface Queued {
  readonly key: Key;
  readonly entries: readonly LogAppend[];
  readonly ttlMs: number | undefined;
  readonly at: number;
}

/** Appends that are acknowledged as pending and not yet stored, as a store queues them while its server is away. */
export function createAppendQueue(logs: LogStore, now: () => number) {
  let queue: Queued[] = [];
  const queuedOf = (key: Key) => queue.filter((item) => encodeKey(item.key) === encodeKey(key));

  async function all(key: Key): Promise<LogEntry[]> {
    const entries = await toArray(logs.read(key));
    for (const { entries: added, at } of queuedOf(key)) {
      for (const { id, body } of added)
        entries.push({ id, body, at, seq: entries.length + 1, revision: 0, pending: true });
    }
    return entries;
  }

  return {
    has: (key: Key) => queuedOf(key).length > 0,
    async append(key: Key, entries: readonly LogAppend[], options: Parameters<LogStore['append']>[2] = {}) {
      checkAppend(entries, options);
      const copies = entries.map(({ id, body }) => ({ id, body: JSON.parse(toJsonText(body)) }));
      // Whether it holds is known only to the server.
      if (options.expect !== undefined)
        throw new StoreUnavailableError('it only queues what expects nothing');
      const before = await all(key);
      const seen = before.filter((entry) => entries.some(({ id }) => id === entry.id));
      const epoch = (await logs.head(key))?.epoch ?? 'pending';
      const receipt = (seqs: readonly number[], outcome: AppendReceipt['outcome']): AppendReceipt => ({
        epoch,
        firstSeq: Math.min(...seqs),
        lastSeq: Math.max(...seqs),
        outcome,
      });
      if (seen.length === entries.length) {
        const outcome = seen.some((entry) => entry.pending) ? 'pending' : 'replayed';
        return receipt(
          seen.map((entry) => entry.seq),
          outcome,
        );
      }
      if (seen.length > 0)
        throw new ConflictError(key, { reason: 'some of these entries are already in the log' });
      queue.push({ key, entries: copies, ttlMs: options.ttlMs, at: now() });
      return receipt(
        copies.map((_, index) => before.length + 1 + index),
        'pending',
      );
    },
    async *read(key: Key, options: ReadOptions = {}): AsyncGenerator<LogEntry, void, undefined> {
      const { from = 1, to = Number.POSITIVE_INFINITY, limit = Number.POSITIVE_INFINITY } = options;
      const wanted = (await all(key)).filter(({ seq }) => seq >= from && seq <= to);
      yield* (options.reverse ? wanted.reverse() : wanted).slice(0, limit);
    },
    async head(key: Key): Promise<LogHead> {
      return { epoch: (await logs.head(key))?.epoch ?? 'pending', seq: (await all(key)).length };
    },
    async release(): Promise<void> {
      for (let item = queue[0]; item; item = queue[0]) {
        await logs.append(item.key, item.entries, item.ttlMs === undefined ? {} : { ttlMs: item.ttlMs });
        queue = queue.slice(1);
      }
    },
    unsaved: () =>
      queue.map(({ key, entries }) => ({
        key,
        operationId: entries[0]?.id ?? '',
        reason: 'it was still queued',
      })),
  };
}
