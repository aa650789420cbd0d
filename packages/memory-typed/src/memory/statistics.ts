import type { Clock, IoOptions, JsonValue, TokenCounter } from '@loci/core';
import { below } from '../value/pointer.js';
import type { MemoryEvent } from './events.js';
import type { MemoryRecord } from './record.js';

/** How large a memory was at one moment. */
export interface GrowthSample {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly bytes: number;
}

/** What a memory holds and what was done to it. Numbers, times and names of properties; no values. */
export interface MemoryStatistics {
  /** Of the value as JSON in UTF-8. */
  readonly bytes: number;
  /** Of the value as JSON, as the `counter` counts. */
  readonly tokens: number;
  /** Items of a list, properties of an object; 0 of anything else. */
  readonly items: number;
  /** How many items each list in it has, by JSON Pointer: the 50 longest. */
  readonly lists: { readonly [pointer: string]: number };
  /** Epoch milliseconds; `null` where nothing is stored. */
  readonly createdAt: number | null;
  /** Epoch milliseconds; `null` where nothing is stored. */
  readonly updatedAt: number | null;
  /** Writes through this object that were stored. */
  readonly writes: number;
  /** Calls of `set`, `update` and `importMemory` that were in them. */
  readonly changes: number;
  /** How often somebody else wrote first. */
  readonly conflicts: number;
  /** How often the store did not answer. */
  readonly lostAnswers: number;
  /** Sizes after writes through this object and at looks that find another, oldest first: at most 100 over its life. */
  readonly growth: readonly GrowthSample[];
}

export interface StatisticsKeeper {
  note(event: MemoryEvent): void;
  of(record: MemoryRecord, io: IoOptions): Promise<MemoryStatistics>;
}

const maxSamples = 100;
const maxLists = 50;

export function createStatistics(clock: Clock, counter: TokenCounter): StatisticsKeeper {
  const counts = { writes: 0, changes: 0, conflicts: 0, lostAnswers: 0 };
  let growth: GrowthSample[] = [];

  function sample(bytes: number): void {
    growth.push({ at: clock.now(), bytes });
    // Every second one, so that what is left still spans the whole life.
    if (growth.length > maxSamples) growth = growth.filter((_, index) => index % 2 === 0);
  }

  return {
    note(event) {
      if (event.type === 'write-conflicted') counts.conflicts++;
      if (event.type === 'answer-lost') counts.lostAnswers++;
      if (event.type !== 'memory-saved') return;
      counts.writes++;
      counts.changes += event.changes;
      sample(event.bytes);
    },
    async of({ value, createdAt, updatedAt }, { signal }) {
      await counter.load();
      signal?.throwIfAborted();
      const text = JSON.stringify(value);
      const bytes = new TextEncoder().encode(text).length;
      if (growth.at(-1)?.bytes !== bytes) sample(bytes);
      const items = typeof value === 'object' && value !== null ? Object.keys(value).length : 0;
      const lists = countLists(value).sort(([, a], [, b]) => b - a);
      return Object.freeze({
        bytes,
        tokens: counter.countText(text),
        items,
        lists: Object.freeze(Object.fromEntries(lists.slice(0, maxLists))),
        createdAt,
        updatedAt,
        ...counts,
        growth: Object.freeze([...growth]),
      });
    },
  };
}

function countLists(value: JsonValue, path = ''): [pointer: string, length: number][] {
  if (typeof value !== 'object' || value === null) return [];
  const own: [string, number][] = Array.isArray(value) ? [[path, value.length]] : [];
  const inside = Object.entries(value).flatMap(([name, item]: [string, JsonValue]) =>
    countLists(item, below(path, name)),
  );
  return [...own, ...inside];
}
