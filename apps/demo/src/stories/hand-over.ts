import { randomId } from '@loci/core';
import { chapter, note, print } from '../cli/output.js';
import type { Story } from '../cli/story.js';
import { agents, openCase } from '../examples/hand-over.js';
import { startPart } from '../wiring/start-part.js';
import { openStore } from '../wiring/store.js';

/** Three agents in three processes, which meet in one memory only. */
export const handOver: Story = {
  name: 'hand-over',
  about: 'three agents in three processes hand a case on: intent, context, specialist',
  options: ['file'],
  details: ['The agents are started the wrong way round, so that each has to wait for its turn.'],
  async run({ file }) {
    const store = openStore(file);
    const id = randomId();
    const shared = openCase(store, id);
    const roles = Object.keys(agents).reverse();
    const parts = roles.map((role) => startPart('agent', [file, id, role]));
    try {
      for (const [index, part] of parts.entries()) {
        await part.line();
        note(`${roles[index]} waits`);
      }
      chapter('A question comes in');
      await shared.update((draft) => {
        draft.question = 'The app shows an error since the last update.';
      });
      print(`${(await shared.get()).question}\n`);
      chapter('Each acts when it is its turn, and is told by the change of another');
      for (const part of parts.toReversed()) print(`${await part.line()}\n`);
      const { intent, specialist, resolution } = await shared.get();
      chapter('What is in the memory now');
      print(`${JSON.stringify({ intent, specialist, resolution })}\n`);
      return resolution === 'in-progress' ? 0 : 1;
    } finally {
      for (const part of parts) part.kill();
      await shared.clear();
      await store.close();
    }
  },
};
