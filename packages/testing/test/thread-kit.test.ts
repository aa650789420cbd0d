import { createMemoryStore } from '@loci/core';
import { chaos } from '@loci/testing';
import { threadCaseIds, threadConformance } from '@loci/testing/thread';
import { describe, expect, it } from 'vitest';
import { brokenThreads } from './broken/threads.js';
import { collectCases } from './collect-cases.js';

const runner = { describe, it, expect };

threadConformance(runner, {
  name: 'createMemoryStore',
  create: ({ clock }) => createMemoryStore({ clock }),
});

for (const seed of [1, 2, 3])
  threadConformance(runner, {
    name: `chaos(createMemoryStore) with seed ${seed}`,
    create: ({ clock }) =>
      chaos(createMemoryStore({ clock }), { seed, lostAnswers: 0.1, refusals: 0.1, maxDelayMs: 10 }),
  });

describe('the thread kit', () => {
  it('has something broken for every case, and nothing else', () => {
    expect(Object.keys(brokenThreads).sort()).toEqual([...threadCaseIds].sort());
  });

  it.each(threadCaseIds)('fails what breaks %s', async (id) => {
    const { store, ...maker } = brokenThreads[id] ?? {};
    const cases = collectCases((collector) =>
      threadConformance(collector, {
        name: 'a broken thread',
        create({ clock }) {
          const good = createMemoryStore({ clock });
          return store?.(good) ?? good;
        },
        ...maker,
      }),
    );
    const { error } = await cases.run(id);
    expect(error).toBeInstanceOf(Error);
    expect((error as Error).message).not.toMatch(/^Not run/);
  });
});
