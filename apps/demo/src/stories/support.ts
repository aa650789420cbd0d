import { randomId } from '@loci/core';
import { InvalidDataError } from '@loci/memory-typed';
import { chapter, print, table } from '../cli/output.js';
import type { Story } from '../cli/story.js';
import { openSupportMemory } from '../examples/support-memory.js';
import { openStore } from '../wiring/store.js';

/** A memory with methods of its own: a schema and 40 lines. */
export const support: Story = {
  name: 'support',
  about: 'a memory of your own: a customer-support case, with its methods',
  options: ['file'],
  details: ['The memory itself is apps/demo/src/examples/support-memory.ts. No model is called.'],
  async run({ file }) {
    const store = openStore(file);
    const support = openSupportMemory(store, randomId());
    const show = async () => {
      const rows = Object.entries(await support.status()).map(([name, value]) => [
        name,
        String(value ?? '–'),
      ]);
      print(`${table(rows, '  ').join('\n')}\n`);
    };
    try {
      chapter('A session starts');
      await support.start('customer-42', 'billing');
      await support.addNote('Was charged twice in November');
      await show();

      chapter('It is escalated, and resolved');
      await support.escalate('the refund is above the limit of level 1');
      await support.resolve('refunded the second charge', 5);
      await show();

      chapter('A rating of 9 of 5 is refused, and nothing is changed');
      const refused = await support.resolve('again', 9).catch((error: unknown) => error);
      if (InvalidDataError.isInstance(refused)) {
        for (const { path, reason } of refused.issues) print(`  ${path.join('.')}: ${reason}\n`);
      }
      chapter('Its notes');
      for (const text of (await support.memory.get()).interactionNotes) print(`  ${text}\n`);
      return InvalidDataError.isInstance(refused) ? 0 : 1;
    } finally {
      await support.memory.clear();
      await store.close();
    }
  },
};
