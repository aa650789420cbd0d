import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createMemoryStore,
  createMessage,
  type EntryInput,
  exportThread,
  importThread,
  type JsonValue,
  LociError,
  openThread,
  type Store,
} from '@loci/core';
import { backupStore, restoreStore } from '@loci/core/maintenance';
import { openMemory } from '@loci/memory-typed';
import { createSqliteStore } from '@loci/stores-sqlite';
import { createRandom } from '@loci/testing/conversations';
import { z } from 'zod';
import { broken, brokenLines, noJson } from '../imports/broken-json.js';
import type { Suite } from '../suite.js';

const schema = z.object({
  name: z.string(),
  counts: z.record(z.string(), z.number()),
  list: z.array(z.object({ id: z.string(), done: z.boolean() })),
});
const value = { name: 'Ada', counts: { a: 1 }, list: [{ id: 'one', done: false }] };
const initial = { name: '', counts: {}, list: [] };

/** Exports that are broken in every way we could think of: refused with a typed error, and nothing is changed. */
export const imports: Suite = {
  name: 'imports',
  proves:
    'A broken import of a memory, a thread or a backup is refused with a typed error, and the store holds what it held.',
  rounds: 10_000,
  async run({ rounds, seed, progress, signal }) {
    const random = createRandom(seed);
    const folder = mkdtempSync(join(tmpdir(), 'loci-soak-'));
    const sqlite = createSqliteStore({ path: join(folder, 'store.db') });
    const stores = [createMemoryStore(), sqlite];
    const sources = await makeSources();
    let refused = 0;
    let harmless = 0;
    try {
      for (const store of stores) await fill(store);
      const before = new Map<Store, string>();
      for (const store of stores) before.set(store, await dump(store));
      for (let round = 1; round <= rounds; round++) {
        signal.throwIfAborted();
        // Every fiftieth round in a file, the others where looking at everything costs little.
        const store = stores[round % 50 === 0 ? 1 : 0] as Store;
        const error = await attempt(store, sources, random, round);
        if (error === undefined) {
          harmless++;
          await empty(store);
          await fill(store);
          before.set(store, await dump(store));
        } else {
          if (!LociError.isInstance(error))
            throw new Error(`round ${round}: an untyped error`, { cause: error });
          refused++;
          if ((await dump(store)) !== before.get(store))
            throw new Error(`round ${round}: refused with ${error.code}, and the store was changed`);
        }
        if ('polluted' in {} || Object.keys(Object.prototype).length > 0)
          throw new Error(`round ${round}: the prototype of all objects was changed`);
        progress(round);
      }
      if (refused < rounds / 2)
        throw new Error(`only ${refused} of ${rounds} imports were broken enough to be refused`);
      return [
        { what: 'imports refused', count: refused },
        { what: 'imports that were broken without harm, and accepted', count: harmless },
      ];
    } finally {
      await sqlite.close();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

interface Sources {
  readonly memory: JsonValue;
  readonly thread: readonly string[];
  readonly backup: readonly string[];
}

/** Sound exports of a store like those that they are imported into. */
async function makeSources(): Promise<Sources> {
  const store = createMemoryStore();
  await fill(store);
  const memory = await openMemory({ schema, initial, store, key: ['memory'] }).exportMemory();
  const thread: string[] = [];
  for await (const line of exportThread(openThread({ store, key: ['thread'] }))) thread.push(line);
  const backup: string[] = [];
  for await (const line of backupStore(store)) backup.push(line);
  return { memory, thread, backup };
}

async function fill(store: Store): Promise<void> {
  await openMemory({ schema, initial, store, key: ['memory'] }).set(value);
  const turnId = 'turn';
  const entry = { version: 1, turnId };
  const message = createMessage({ role: 'user', id: 'turn.0', content: 'hello' });
  const entries: readonly EntryInput[] = [
    { ...entry, id: 'turn.start', kind: 'turn', data: { state: 'started', owner: 'soak', leaseUntil: 0 } },
    { ...entry, id: message.id, kind: 'message', data: message },
    { ...entry, id: 'turn.end', kind: 'turn', data: { state: 'completed' } },
  ];
  await openThread({ store, key: ['thread'] }).append(entries);
}

async function empty(store: Store): Promise<void> {
  for await (const { key } of store.documents.list([])) await store.documents.delete(key, { expect: 'any' });
  for await (const { key } of store.logs.list([])) await store.logs.delete(key);
}

/** Everything in the store; times and versions are those of the one filling. */
async function dump(store: Store): Promise<string> {
  const all: unknown[] = [];
  for await (const { key } of store.documents.list([])) all.push(await store.documents.get(key));
  for await (const { key } of store.logs.list([]))
    for await (const entry of store.logs.read(key)) all.push([key, entry]);
  return JSON.stringify(all);
}

async function attempt(
  store: Store,
  sources: Sources,
  random: () => number,
  round: number,
): Promise<unknown> {
  const imported = [
    () => {
      const data = random() < 0.1 ? noJson(random) : broken(sources.memory, random);
      return openMemory({ schema, initial, store, key: ['memory'] }).importMemory(data);
    },
    () => importThread(brokenLines(sources.thread, random), { store, key: ['imported', `${round}`] }),
    () =>
      restoreStore(store, brokenLines(sources.backup, random), {
        onExisting: random() < 0.5 ? 'replace' : 'refuse',
      }),
  ][Math.floor(random() * 3)];
  return imported?.().then(
    () => undefined,
    (error: unknown) => error,
  );
}
