import { createMemoryStore, type Store } from '@loci/core';
import { runStoreWork, storeProcesses, type TestRunner } from '@loci/testing/store';
import { expect, it } from 'vitest';
import type { Mutation } from './broken/mutation.js';
import { brokenStores } from './broken/stores.js';
import { collectCases } from './collect-cases.js';

/** Processes that are none: everything in this one, to try the cases themselves. */
const kit = (change: Mutation = (store) => store) =>
  collectCases((runner: TestRunner) =>
    storeProcesses(runner, {
      name: 'a store',
      create() {
        const shared = createMemoryStore();
        const open = (): Store => change(Object.freeze({ ...shared, close: async () => ({ unsaved: [] }) }));
        return { store: open(), start: (work) => runStoreWork(open(), work) };
      },
    }),
  );

it('the cases for several processes are passed by a good store', async () => {
  expect(await kit().failures()).toEqual([]);
});

it.each([
  ['processes/appends', brokenStores['logs/contiguous']],
  ['processes/increments', brokenStores['documents/increments']],
  ['processes/claims', brokenStores['documents/concurrent']],
  ['processes/replays', alwaysAppended],
])('%s is failed by a store that breaks it', async (id, change) => {
  const { error } = await kit(change).run(id);
  expect(error).toBeInstanceOf(Error);
  expect((error as Error).message).not.toMatch(/^Not run/);
});

it('a process that works on another backend fails the factory', async () => {
  const cases = collectCases((runner: TestRunner) =>
    storeProcesses(runner, {
      name: 'a store',
      create: () => ({
        store: createMemoryStore(),
        async start(work) {
          const other = createMemoryStore();
          await other.documents.put(['go'], true, { expect: 'any', operationId: 'go' });
          await runStoreWork(other, work);
        },
      }),
    }),
  );
  expect(String((await cases.run('factory')).error)).toContain('the process worked elsewhere');
});

function alwaysAppended(store: Store): Store {
  const append: Store['logs']['append'] = async (...args) => ({
    ...(await store.logs.append(...args)),
    outcome: 'appended',
  });
  return Object.freeze({ ...store, logs: { ...store.logs, append } });
}
