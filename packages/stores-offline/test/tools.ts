import { createMemoryStore, type JsonValue, type Key, type LogAppend, type Store } from '@loci/core';
import { createTestClock } from '@loci/testing';
import { expect } from 'vitest';
import { type OfflineEvent, type OfflineOptions, offline } from '../src/index.js';
import { type Mode, switchable } from './switchable.js';

/** A server in memory that can be away, its journal, and a store over both; time stands still. */
export function setUp(options: Partial<OfflineOptions> = {}) {
  const clock = createTestClock();
  const backend = createMemoryStore({ clock });
  const journal = options.journal ?? createMemoryStore({ clock });
  const { server, calls, set } = switchable(backend);
  const events: OfflineEvent[] = [];
  /** Another process with the same journal, after this one has ended. */
  const open = (more: Partial<OfflineOptions> = {}) =>
    offline(server, { clock, onEvent: (event) => events.push(event), ...options, ...more, journal });
  const store = open();
  return {
    clock,
    /** The server as others see it. */
    backend,
    journal,
    calls,
    events,
    open,
    store,
    go: (mode: Mode) => set(mode),
    /** The server is back, and has everything. */
    async comeBack(of = store) {
      set('up');
      await of.flush();
      expect((await of.status()).state).toBe('online');
    },
  };
}

let count = 0;

/** Puts with `expect: 'any'`. */
export function put(store: Store, key: Key, value: JsonValue, operationId = `op-${++count}`) {
  return store.documents.put(key, value, { expect: 'any', operationId });
}

/** Reads, adds one and writes on what was read; with `rebase` it is made anew on what others have written. */
export async function addOne(store: Store, key: Key, operationId = `add-${++count}`) {
  const found = await store.documents.get(key);
  const add = (value: JsonValue | undefined) => Number(value ?? 0) + 1;
  return store.documents.put(key, add(found?.value), {
    expect: found ? { version: found.version } : 'absent',
    operationId,
    rebase: add,
  });
}

export async function valueAt(store: Store, key: Key) {
  return (await store.documents.get(key))?.value;
}

export async function toArray<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

export async function idsOf(store: Store, key: Key) {
  return (await toArray(store.logs.read(key))).map(({ id }) => id);
}

/** Entries `e<from>` to `e<to>` whose bodies are their numbers. */
export function entries(from: number, to = from): LogAppend[] {
  return Array.from({ length: to - from + 1 }, (_, index) => ({
    id: `e${from + index}`,
    body: from + index,
  }));
}

export async function expectCode(work: Promise<unknown>, code: string): Promise<void> {
  await expect(work).rejects.toMatchObject({ code });
}
