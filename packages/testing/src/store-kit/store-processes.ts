import { ConflictError, type Store } from '@loci/core';
import { equal, holds, toArray } from '../kit/assertions.js';
import { type CreateContext, withContext } from '../kit/create-context.js';
import { type Case, runSuite, type TestRunner } from '../kit/suite.js';
import { keysOf, put } from './tools.js';

/** What one process does; plain JSON, so that it can be an argument of a command line. */
export interface StoreWork {
  readonly task: 'append' | 'increment' | 'claim' | 'repeat';
  /** Of the process. */
  readonly name: string;
  readonly count: number;
}

/** The same backend, seen from here and from other processes. */
export interface SharedStore {
  /** Opened in this process. The kit closes it. */
  readonly store: Store;
  /** Starts a process that opens the backend, awaits `runStoreWork` and ends. Resolves when it has ended well. */
  readonly start: (work: StoreWork) => Promise<unknown>;
}

export interface StoreProcessesOptions {
  /** Of the store, for the report. */
  readonly name: string;
  /** An empty backend for each case. */
  readonly create: (context: CreateContext) => Promise<SharedStore> | SharedStore;
  /** @default 4 */
  readonly processes?: number;
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const batch = (name: string, round: number) =>
  [0, 1].map((part) => ({ id: `${name}-${round}-${part}`, body: { name, round, part } }));

const tasks: Readonly<Record<StoreWork['task'], (store: Store, work: StoreWork) => Promise<void>>> = {
  async append(store, { name, count }) {
    for (let round = 0; round < count; round++) await store.logs.append(['log'], batch(name, round));
  },
  async increment(store, { name, count }) {
    for (let round = 0; round < count; round++) await increment(store, `${name}-${round}`);
  },
  async claim(store, { name, count }) {
    for (let round = 0; round < count; round++) {
      const claimed = store.documents.put(['claim', `${round}`], name, {
        expect: 'absent',
        operationId: name,
      });
      const won = await claimed.then(
        () => true,
        (error: unknown) => {
          if (ConflictError.isInstance(error)) return false;
          throw error;
        },
      );
      if (won) await put(store, ['won', `${round}`, name], true, name);
    }
  },
  async repeat(store, { name, count }) {
    for (let round = 0; round < count; round++) {
      const { outcome } = await store.logs.append(['log'], batch('shared', round));
      await put(store, ['outcome', outcome, `${round}`, name], true, name);
    }
  },
};

/**
 * The work of one process on the backend that all of them share: waits until all are ready, works, and closes the store.
 *
 * @example
 * // worker.js
 * await runStoreWork(createMyStore({ path: process.argv[2] }), JSON.parse(process.argv[3]));
 */
export async function runStoreWork(store: Store, work: StoreWork): Promise<void> {
  try {
    await put(store, ['ready', work.name], true, work.name);
    while (!(await store.documents.get(['go']))) await pause(2);
    await tasks[work.task](store, work);
  } finally {
    await store.close();
  }
}

/**
 * What a store promises to several processes on one backend, as tests.
 *
 * @example
 * storeProcesses({ describe, it }, {
 *   name: 'my-store',
 *   create: () => ({
 *     store: createMyStore({ path }),
 *     start: (work) => run('node', ['worker.js', path, JSON.stringify(work)]),
 *   }),
 * });
 */
export function storeProcesses(runner: TestRunner, options: StoreProcessesOptions): void {
  const names = Array.from({ length: options.processes ?? 4 }, (_, index) => `process-${index}`);
  const withShared = (use: (shared: SharedStore) => Promise<void>) =>
    withContext(async (context) => {
      const shared = await options.create(context);
      try {
        await use(shared);
      } finally {
        await shared.store.close();
      }
    });
  /** Lets all processes go at once, and waits for their end. */
  const together = async ({ store, start }: SharedStore, task: StoreWork['task'], count: number) => {
    const ends = Promise.all(names.map((name) => start({ task, name, count })));
    // A process that fails is noticed at once, and where all have ended.
    ends.catch(() => {});
    const ready = async () => {
      while ((await keysOf(store.documents.list(['ready']))).length < names.length) await pause(2);
    };
    await Promise.race([ready(), ends]);
    await put(store, ['go'], true, 'go');
    await ends;
  };
  const processCase = (
    id: string,
    title: string,
    run: (shared: SharedStore) => Promise<void>,
  ): Case<SharedStore> => ({ id: `processes/${id}`, title, run });

  const cases = [
    processCase(
      'appends',
      'appends of several processes lose nothing, repeat nothing and stay whole',
      async (shared) => {
        await together(shared, 'append', 50);
        const entries = await toArray(shared.store.logs.read(['log']));
        equal(
          entries.map(({ seq }) => seq),
          Array.from({ length: names.length * 100 }, (_, index) => index + 1),
        );
        equal(new Set(entries.map(({ id }) => id)).size, entries.length);
        for (let index = 0; index < entries.length; index += 2)
          equal(entries[index + 1]?.id, entries[index]?.id.replace(/0$/, '1'), 'an append is torn apart');
      },
    ),
    processCase(
      'increments',
      'counting with `expect` counts every step of every process once',
      async (shared) => {
        await together(shared, 'increment', 25);
        equal((await shared.store.documents.get(['counter']))?.value, names.length * 25);
      },
    ),
    processCase('claims', 'one of several processes gets what all of them want', async (shared) => {
      await together(shared, 'claim', 20);
      const won = await keysOf(shared.store.documents.list(['won']));
      equal(new Set(won.map((key) => key[1])).size, 20);
      equal(won.length, 20);
    }),
    processCase(
      'replays',
      'the same append of several processes is stored once and answered to all',
      async (shared) => {
        await together(shared, 'repeat', 20);
        equal((await toArray(shared.store.logs.read(['log']))).length, 40);
        const count = async (outcome: string) =>
          (await keysOf(shared.store.documents.list(['outcome', outcome]))).length;
        equal([await count('appended'), await count('replayed')], [20, (names.length - 1) * 20]);
      },
    ),
  ];
  runSuite(runner, {
    name: options.name,
    contract: 'store for several processes',
    factory: {
      id: 'factory',
      title: '`create` gives an empty backend, and a process works on the same',
      run: () =>
        withShared(async ({ store, start }) => {
          equal((await keysOf(store.documents.list([]))).length, 0, 'the backend is not empty');
          await put(store, ['go'], true, 'go');
          await start({ task: 'claim', name: 'alone', count: 1 });
          holds(await store.documents.get(['won', '0', 'alone']), 'the process worked elsewhere');
        }),
    },
    cases,
    skip: undefined,
    withSubject: withShared,
  });
}

async function increment(store: Store, operationId: string): Promise<void> {
  for (;;) {
    const found = await store.documents.get(['counter']);
    const expect = found ? { version: found.version } : 'absent';
    try {
      await store.documents.put(['counter'], Number(found?.value ?? 0) + 1, { expect, operationId });
      return;
    } catch (error) {
      if (!ConflictError.isInstance(error)) throw error;
    }
  }
}
