import type { Memory } from '@loci/core';
import { equal } from '../kit/assertions.js';
import { memoryCase } from './memory-case.js';
import { ask, contextOf, entriesOf, itemsOf, live, turnOf } from './tools.js';

export const observeCases = [
  memoryCase('observe/idempotent', 'idempotent by `turn.id`.', async ({ memory, thread }) => {
    await live(memory, thread, 3);
    const before = { given: await ask(memory, thread), seq: (await thread.view()).seq };
    for (const index of [1, 2, 0, 1]) {
      const turn = turnOf(index);
      await memory.observe(turn, contextOf(thread, { turnId: turn.id }));
    }
    equal({ given: await ask(memory, thread), seq: (await thread.view()).seq }, before);
  }),

  memoryCase(
    'observe/concurrent',
    'a turn that is observed twice at the same time counts once',
    async (subject) => {
      const { memory, thread } = subject;
      const turn = turnOf(0);
      await thread.append(entriesOf(turn));
      const observe = (by: Memory) => by.observe(turn, contextOf(thread, { turnId: turn.id }));
      await Promise.all([observe(memory), observe(memory)]);
      const twice = await ask(memory, thread);
      await observe(memory);
      equal(await ask(memory, thread), twice);
      equal(
        new Set(itemsOf(twice).map(({ text }) => text)).size,
        itemsOf(twice).length,
        'it learned it twice',
      );
    },
  ),

  memoryCase(
    'observe/restart',
    'a turn that is observed again after a restart counts once',
    async (subject) => {
      const { memory, thread } = subject;
      await live(memory, thread, 2);
      const before = await ask(memory, thread);
      const other = await subject.again();
      for (const index of [0, 1]) {
        const turn = turnOf(index);
        await other.observe(turn, contextOf(thread, { turnId: turn.id }));
      }
      equal(await ask(other, thread), before);
    },
  ),
];
