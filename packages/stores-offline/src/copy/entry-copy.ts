import type { JsonValue, Key, Store } from '@loci/core';
import { readFields } from '../fields.js';
import { sameJson } from '../merge/same-json.js';
import { places } from '../names.js';
import type { Cache } from './cache.js';

/** So many seqs are one record, so that an append costs the same however long the log is. */
const chunkSize = 32;

export const chunkOf = (seq: number) => Math.floor((seq - 1) / chunkSize);

export interface SeenEntry {
  readonly seq: number;
  readonly id: string;
  readonly at: number;
  readonly revision: number;
  readonly body: JsonValue;
}

export interface EntryCopy {
  /** The entries of a chunk, by seq; none where the chunk is of another epoch. */
  get(key: Key, epoch: string, index: number): Promise<readonly SeenEntry[]>;
  set(key: Key, epoch: string, index: number, entries: readonly SeenEntry[]): void;
  /** Deletes every chunk. */
  drop(key: Key): Promise<void>;
  rewrite(key: Key, bodies: ReadonlyMap<string, JsonValue | undefined>): Promise<void>;
}

export function createEntryCopy(cache: Cache, journal: Store): EntryCopy {
  /** Also of chunks that are not yet written. */
  async function chunks(key: Key): Promise<Key[]> {
    await cache.flush();
    const found: Key[] = [];
    for await (const listed of journal.documents.list(places.entries(key))) found.push(listed.key);
    return found;
  }
  /** A chunk is looked at entry by entry. */
  const parsed = new WeakMap<object, ReturnType<typeof parse>>();
  async function read(place: Key): Promise<ReturnType<typeof parse>> {
    const data = await cache.get(place);
    if (typeof data !== 'object' || data === null) return parse(place, data);
    const chunk = parsed.get(data) ?? parse(place, data);
    parsed.set(data, chunk);
    return chunk;
  }
  const set = (place: Key, key: Key, epoch: string, entries: readonly SeenEntry[]) =>
    cache.set(place, { key: [...key], epoch, entries: entries.map((entry) => ({ ...entry })) });

  return {
    async get(key, epoch, index) {
      const chunk = await read(places.chunk(key, index));
      return chunk?.epoch === epoch ? chunk.entries : [];
    },
    set: (key, epoch, index, entries) => set(places.chunk(key, index), key, epoch, entries),
    async drop(key) {
      for (const place of await chunks(key)) cache.set(place, undefined);
    },
    async rewrite(key, bodies) {
      for (const place of await chunks(key)) {
        const chunk = await read(place);
        if (!chunk?.entries.some(({ id }) => bodies.has(id))) continue;
        const entries = chunk.entries.flatMap((entry) => {
          const body = bodies.get(entry.id);
          if (body !== undefined) return [{ ...entry, body, revision: entry.revision + 1 }];
          return bodies.has(entry.id) ? [] : [entry];
        });
        set(place, key, chunk.epoch, entries);
      }
    },
  };
}

/** The chunk with these entries, or `undefined` where it has them already. */
export function addEntries(
  chunk: readonly SeenEntry[],
  added: readonly SeenEntry[],
): readonly SeenEntry[] | undefined {
  const bySeq = new Map(chunk.map((entry) => [entry.seq, entry]));
  let changed = false;
  for (const entry of added) {
    const there = bySeq.get(entry.seq);
    // A reading that was slow does not bring back what a redaction has removed.
    if (there?.id === entry.id && there.revision > entry.revision) continue;
    if (there && same(there, entry)) continue;
    bySeq.set(entry.seq, entry);
    changed = true;
  }
  return changed ? [...bySeq.values()].sort((a, b) => a.seq - b.seq) : undefined;
}

function same(a: SeenEntry, b: SeenEntry): boolean {
  return a.id === b.id && a.at === b.at && a.revision === b.revision && sameJson(a.body, b.body);
}

function parse(place: Key, data: JsonValue | undefined) {
  if (data === undefined) return undefined;
  const fields = readFields(place, data);
  return {
    epoch: fields.text('epoch'),
    entries: fields.list('entries').map(
      (entry): SeenEntry => ({
        seq: entry.count('seq'),
        id: entry.text('id'),
        at: entry.number('at'),
        revision: entry.count('revision'),
        body: entry.json('body'),
      }),
    ),
  };
}
