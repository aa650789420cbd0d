import { createMemoryStore, type Memory, openThread, type Store } from '@loci/core';
import { holds } from '../kit/assertions.js';
import { type CreateContext, withContext } from '../kit/create-context.js';
import { type Case, type DeclaredGaps, runSuite, type TestRunner } from '../kit/suite.js';
import type { MemorySubject } from './memory-case.js';
import { observeCases } from './observe-cases.js';
import { prepareCases } from './prepare-cases.js';
import { promptCases } from './prompt-cases.js';
import { ask, live } from './tools.js';

export interface MemoryContext extends CreateContext {
  /** A reference store, empty for each case: the thread of the case is on it, and the memory may keep its own there. */
  readonly store: Store;
}

export interface MemoryConformanceOptions {
  /** Of the memory, for the report. */
  readonly name: string;
  /** A memory for each case; within one case again on the same store, as after a restart. */
  readonly create: (context: MemoryContext) => Promise<Memory> | Memory;
  /** Case id → why the memory cannot keep the promise. */
  readonly skip?: DeclaredGaps;
}

const cases: readonly Case<MemorySubject>[] = [...prepareCases, ...observeCases, ...promptCases];

/** The ids of all cases, stable: gaps are declared by them. */
export const memoryCaseIds: readonly string[] = Object.freeze(cases.map(({ id }) => id));

/**
 * Every promise of the `Memory` contract as a test.
 *
 * @example
 * memoryConformance({ describe, it }, { name: 'my-memory', create: ({ store }) => myMemory({ store }) });
 */
export function memoryConformance(runner: TestRunner, options: MemoryConformanceOptions): void {
  const withMemory = (use: (subject: MemorySubject) => Promise<void>) =>
    withContext(async (context) => {
      const store = createMemoryStore({ clock: context.clock });
      const again = async () => options.create({ ...context, store });
      const thread = openThread({ store, key: ['thread'] });
      await use({ memory: await again(), again, store, thread, clock: context.clock });
    });
  runSuite(runner, {
    name: options.name,
    contract: 'memory',
    factory: {
      id: 'factory',
      title: '`create` makes memories that keep nothing of one another',
      run: () =>
        withMemory((one) =>
          withMemory(async (other) => {
            holds(one.memory !== other.memory, '`create` gave the same memory twice');
            await live(one.memory, one.thread, 3);
            // Whether `prepare` does what it should is for the cases to say.
            const given = await ask(other.memory, other.thread).catch(() => ({}));
            holds(!JSON.stringify(given).includes('Rex'), 'a memory knows what another one learned');
          }),
        ),
    },
    cases,
    skip: options.skip,
    withSubject: withMemory,
  });
}
