import { openThread, type Store } from '@loci/core';
import { withMemory } from '@loci/core/turn';
import { equal } from '../kit/assertions.js';
import { type CreateContext, withContext } from '../kit/create-context.js';
import { type Case, type DeclaredGaps, runSuite, type TestRunner } from '../kit/suite.js';
import { threadChatCases } from './chat-cases.js';
import { threadLogCases } from './log-cases.js';
import { threadShapeCases } from './shape-cases.js';
import type { ThreadMaker, ThreadSubject } from './thread-case.js';
import { append, chatTurn, key, textsOf } from './tools.js';

export interface ThreadConformanceOptions extends Partial<ThreadMaker> {
  /** Of the store, for the report. */
  readonly name: string;
  /** A fresh, empty store for each case; the kit closes it. Give it the clock of the context. */
  readonly create: (context: CreateContext) => Promise<Store> | Store;
  /** Case id → why threads on this store cannot keep the promise. */
  readonly skip?: DeclaredGaps;
}

const cases: readonly Case<ThreadSubject>[] = [...threadLogCases, ...threadShapeCases, ...threadChatCases];

/** The ids of all cases, stable: gaps are declared by them. */
export const threadCaseIds: readonly string[] = Object.freeze(cases.map(({ id }) => id));

/**
 * What a thread, and a chat on it, promises on any store, as tests. The cases repeat calls after
 * `StoreUnavailableError`, so that they hold on a store that loses answers, too.
 *
 * @example
 * threadConformance({ describe, it }, { name: 'my-store', create: ({ clock }) => createMyStore({ clock }) });
 */
export function threadConformance(runner: TestRunner, options: ThreadConformanceOptions): void {
  const maker: ThreadMaker = {
    openThread: options.openThread ?? openThread,
    withMemory: options.withMemory ?? withMemory,
  };
  const withStore = (use: (subject: ThreadSubject) => Promise<void>) =>
    withContext(async (context) => {
      const store = await options.create(context);
      try {
        await use({ ...maker, store, clock: context.clock });
      } finally {
        await store.close();
      }
    });
  runSuite(runner, {
    name: options.name,
    contract: 'store for threads',
    factory: {
      id: 'factory',
      title: '`create` makes stores on which a thread can be written and read, each its own',
      run: () =>
        withStore((one) =>
          withStore(async (other) => {
            const thread = maker.openThread({ store: one.store, key });
            await append(thread, chatTurn('t', 'hello'));
            equal(await textsOf(thread), ['hello', 'heard']);
            equal(await textsOf(maker.openThread({ store: other.store, key })), []);
          }),
        ),
    },
    cases,
    skip: options.skip,
    withSubject: withStore,
  });
}
