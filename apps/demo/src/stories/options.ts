import { createMemoryStore, openThread } from '@loci/core';
import { type CompactionOptions, chatWithMemory, compaction } from '@loci/memory-compaction';
import { chapter, note, print, table, wrap } from '../cli/output.js';
import type { Story } from '../cli/story.js';
import { baseOptions, type Outcome, optionRows, outcomeOf } from '../examples/compaction-options.js';
import { tellLongConversation } from '../examples/long-conversation.js';
import { openStandIns } from '../wiring/parties.js';
import { summarises, summarisingDescription } from '../wiring/summarises.js';

/** Every option, and what it changes. */
export const optionsStory: Story = {
  name: 'options',
  about: 'every option of a compaction, and what it changes in one and the same conversation',
  options: [],
  details: ['Nothing is kept. Exit code 1 where an option does not change what it is about.'],
  async run() {
    const parties = await openStandIns({}, summarises);
    const [party, another] = parties;
    if (!party || !another) return 1;
    const tell = async (options: CompactionOptions): Promise<Outcome> => {
      const manager = compaction(options);
      const thread = openThread({ store: createMemoryStore(), key: ['garden'] });
      await tellLongConversation(thread);
      await chatWithMemory({
        model: party.model,
        thread,
        contextWindow: 12_000,
        memory: manager,
        messages: [{ role: 'user', content: 'That is all for today.' }],
      });
      return outcomeOf(thread, manager);
    };
    try {
      for (const line of wrap(summarisingDescription)) note(line);
      const base = await tell(baseOptions);
      chapter(`The same conversation and one more turn, with tokenThreshold ${baseOptions.tokenThreshold}`);
      for (const line of table(
        Object.entries(base).map(([name, value]) => [name, String(value)]),
        '  ',
      ))
        print(`${line}\n`);

      chapter('And with one option more');
      const cells = [['option', 'changes', 'from', 'to']];
      let isFine = true;
      for (const { name, options, changes } of optionRows(another.model)) {
        const [from, to] = [base, await tell({ ...baseOptions, ...options })].map((one) => one[changes]);
        isFine &&= from !== to;
        cells.push([name, changes, String(from), from === to ? `${to}: NOTHING` : String(to)]);
      }
      for (const line of table(cells)) print(`${line}\n`);
      return isFine ? 0 : 1;
    } finally {
      await Promise.all(parties.map(({ close }) => close()));
    }
  },
};
