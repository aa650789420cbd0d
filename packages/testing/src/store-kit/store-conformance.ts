import type { Store } from '@loci/core';
import { equal, holds, rejectsWith } from '../kit/assertions.js';
import { type CreateContext, withContext } from '../kit/create-context.js';
import { type Case, type DeclaredGaps, runSuite, type TestRunner } from '../kit/suite.js';
import { boundaryCases } from './boundary-cases.js';
import { documentCases } from './document-cases.js';
import { expiryCases } from './expiry-cases.js';
import { feedCases } from './feed-cases.js';
import { keyCases } from './key-cases.js';
import { logCases } from './log-cases.js';
import { readCases } from './read-cases.js';
import type { StoreSubject } from './store-case.js';
import { supportCases } from './support-cases.js';
import { keysOf, put } from './tools.js';

export interface StoreConformanceOptions {
  /** Of the store, for the report. */
  readonly name: string;
  /** A fresh, empty store for each case; the kit closes it. Give it the clock of the context. */
  readonly create: (context: CreateContext) => Promise<Store> | Store;
  /** Case id → why the store cannot pass it. A gap that passes fails; hostile keys and isolation cannot be gaps. */
  readonly skip?: DeclaredGaps;
}

const cases: readonly Case<StoreSubject>[] = [
  ...supportCases,
  ...keyCases,
  ...documentCases,
  ...logCases,
  ...readCases,
  ...expiryCases,
  ...boundaryCases,
  ...feedCases,
];

/** The ids of all cases, stable: gaps are declared by them. */
export const storeCaseIds: readonly string[] = Object.freeze(cases.map(({ id }) => id));

/**
 * Every promise of the `Store` contract as a test, for any store on which time can be injected. Works with the
 * `describe` and `it` of vitest and of `node:test`.
 *
 * @example
 * storeConformance({ describe, it }, { name: 'my-store', create: ({ clock }) => createMyStore({ clock }) });
 */
export function storeConformance(runner: TestRunner, options: StoreConformanceOptions): void {
  const withStore = (use: (subject: StoreSubject) => Promise<void>) =>
    withContext(async (context) => {
      const store = await options.create(context);
      try {
        await use({ store, clock: context.clock });
      } finally {
        await store.close();
      }
    });
  runSuite(runner, {
    name: options.name,
    contract: 'store',
    factory: {
      id: 'factory',
      title: '`create` makes stores that are empty, independent and can be closed',
      run: () => withStore(({ store: one }) => withStore(({ store: other }) => tryTwo(one, other))),
    },
    cases,
    skip: options.skip,
    withSubject: withStore,
  });
}

// Uses as little as it can: a store that breaks a promise is to fail the case about that promise.
async function tryTwo(one: Store, other: Store): Promise<void> {
  const count = async (store: Store) => (await keysOf(store.documents.list([]))).length;
  holds(one !== other, '`create` gave the same store twice');
  equal(await count(one), 0, 'a new store is not empty');
  await put(one, ['factory'], 'one', 'op');
  equal(await count(one), 1, 'what was put is not listed');
  equal(await count(other), 0, 'a store shows what was put into another one');
  await other.close();
  equal(await count(one), 1, 'closing a store touches another one');
  await rejectsWith(count(other), 'STORE_CLOSED');
}
