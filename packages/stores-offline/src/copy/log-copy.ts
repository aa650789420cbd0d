import type { JsonValue, Key, LogEntry, LogHead, Store } from '@loci/core';
import { readFields } from '../fields.js';
import { places } from '../names.js';
import type { Cache } from './cache.js';
import { sameKey } from './document-copy.js';
import { addEntries, chunkOf, createEntryCopy, type SeenEntry } from './entry-copy.js';

/** A log as the server had it when it was last seen from here. */
interface SeenLog extends LogHead {
  readonly updatedAt: number;
  readonly expiresAt?: number | undefined;
  /** The epoch that was made up here for it while it was queued. */
  readonly queuedAs?: string | undefined;
}

export interface LogCopy {
  /** `undefined`: never seen. */
  get(key: Key): Promise<SeenLog | 'absent' | undefined>;
  /** What `head` gave, or the receipt of an append. Another epoch drops the copy of the one before. */
  seen(key: Key, log: (LogHead & Partial<SeenLog>) | undefined, now: number): Promise<void>;
  /** Entries of the log of this epoch; of another one nothing is kept. */
  add(key: Key, epoch: string, entries: readonly SeenEntry[]): Promise<void>;
  /** Whether all of them are there, as they are. */
  holds(key: Key, epoch: string, entries: readonly SeenEntry[]): Promise<boolean>;
  entry(key: Key, epoch: string, seq: number): Promise<SeenEntry | undefined>;
  /** Entries by id: of those in the copy, the body becomes another one; `undefined` takes them out. */
  rewritten(key: Key, bodies: ReadonlyMap<string, JsonValue | undefined>): Promise<void>;
}

export function createLogCopy(cache: Cache, journal: Store): LogCopy {
  const entries = createEntryCopy(cache, journal);

  async function get(key: Key): Promise<SeenLog | 'absent' | undefined> {
    return parse(key, await cache.get(places.log(key)));
  }
  const before = (key: Key) => get(key).catch(() => undefined);

  return {
    get,
    async seen(key, log, now) {
      const known = await before(key);
      if (!log) {
        if (known === 'absent') return;
        cache.set(places.log(key), { key: [...key], state: 'absent' });
        await entries.drop(key);
        return;
      }
      const same = known !== undefined && known !== 'absent' && known.epoch === log.epoch ? known : undefined;
      const next = {
        epoch: log.epoch,
        seq: Math.max(log.seq, same?.seq ?? 0),
        updatedAt: log.updatedAt ?? same?.updatedAt ?? now,
        ...given('expiresAt', log.expiresAt ?? same?.expiresAt),
        ...given('queuedAs', log.queuedAs ?? same?.queuedAs),
      };
      if (!same) await entries.drop(key);
      else if (Object.entries(next).every(([name, value]) => value === same[name as keyof SeenLog])) return;
      cache.set(places.log(key), { key: [...key], state: 'present', ...next });
    },
    async add(key, epoch, added) {
      const known = await before(key);
      if (known === undefined || known === 'absent' || known.epoch !== epoch) return;
      const byChunk = Map.groupBy(added, (entry) => chunkOf(entry.seq));
      for (const [index, some] of byChunk) {
        const there = await entries.get(key, epoch, index).catch(() => []);
        const next = addEntries(there, some);
        if (next) entries.set(key, epoch, index, next);
      }
    },
    async holds(key, epoch, wanted) {
      const known = await before(key);
      if (known === undefined || known === 'absent' || known.epoch !== epoch) return false;
      for (const [index, some] of Map.groupBy(wanted, (entry) => chunkOf(entry.seq))) {
        const there = await entries.get(key, epoch, index).catch(() => []);
        if (addEntries(there, some)) return false;
      }
      return true;
    },
    async entry(key, epoch, seq) {
      return (await entries.get(key, epoch, chunkOf(seq))).find((entry) => entry.seq === seq);
    },
    rewritten: (key, bodies) => entries.rewrite(key, bodies),
  };
}

/** What is kept of an entry that the server gave. */
export function toSeenEntry({ seq, id, at, revision, body }: LogEntry): SeenEntry {
  return { seq, id, at, revision, body: structuredClone(body) };
}

function given<Name extends string>(name: Name, value: JsonValue | undefined) {
  return (value === undefined ? {} : { [name]: value }) as Record<Name, never>;
}

function parse(key: Key, data: JsonValue | undefined): SeenLog | 'absent' | undefined {
  if (data === undefined) return undefined;
  const fields = readFields(places.log(key), data);
  if (!sameKey(fields.key('key'), key)) return undefined;
  const state = fields.text('state');
  if (state === 'absent') return 'absent';
  if (state !== 'present') throw fields.damaged('its state is not known');
  return {
    epoch: fields.text('epoch'),
    seq: fields.count('seq'),
    updatedAt: fields.number('updatedAt'),
    expiresAt: fields.optional('expiresAt', fields.number),
    queuedAs: fields.optional('queuedAs', fields.text),
  };
}
