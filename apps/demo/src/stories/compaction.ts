import { messageText, openThread } from '@loci/core';
import { chatWithMemory, compaction, recallTool } from '@loci/memory-compaction';
import { printBar } from '../cli/bar.js';
import { chapter, clip, note, print, wrap } from '../cli/output.js';
import type { Story } from '../cli/story.js';
import { countCalls, type FinishedPass, tellPass } from '../cli/tell-compaction.js';
import { exactQuestion, firstQuestion, keepsWatch, watch, watchTools } from '../examples/engine-watch.js';
import { askWithTools } from '../examples/tool-turn.js';
import { openModel } from '../wiring/model.js';
import { costUnit } from '../wiring/prices.js';
import { openStore, threadKey } from '../wiring/store.js';
import { summarisingDescription } from '../wiring/summarises.js';

/** A budget that is watched while a long conversation is kept within it. */
export const compactionStory: Story = {
  name: 'compaction',
  about: 'a long conversation is kept within a budget that you can watch, and forgets nothing',
  options: ['file', 'model', 'context-window'],
  details: ['Old tool results give way first, and then old messages for one summary. The originals stay.'],
  async run(settings) {
    const store = openStore(settings.file);
    const { model, about, contextWindow, close } = await openModel(settings, keepsWatch);
    const thread = openThread({ store, key: threadKey(`compaction ${Date.now()}`) });
    const unit = costUnit(model);
    const passes: FinishedPass[] = [];
    const manager = compaction({
      // With the error of the estimate on top: 2,500 as it counts.
      tokenThreshold: 3000,
      preserveLastMessages: 4,
      clearToolResults: { keep: 1 },
      target: 0.6,
      ...(unit.rates && { rates: () => unit.rates }),
      onEvent(event) {
        if (event.type === 'compaction-finished') passes.push(event);
        if (event.type === 'compaction-failed') note(`      not compacted: ${event.reason}`);
      },
    });
    const tools = watchTools(recallTool(thread, { maxTokens: 600 }));
    const outlook = { model, contextWindow, tools };
    const ask = async (text: string) => {
      const { candidates } = await manager.plan(thread, outlook);
      const { message } = await askWithTools(
        (messages) => chatWithMemory({ model, thread, contextWindow, tools, messages, memory: manager }),
        text,
        tools,
      );
      for (const pass of passes.splice(0)) print(`      ${tellPass(pass, candidates, unit.show)}\n`);
      return messageText(message);
    };
    try {
      const stand = settings.model.isLive ? [] : [summarisingDescription];
      for (const line of [...about, ...stand, unit.about].flatMap(wrap)) note(line);
      chapter('Each line is a turn: the tokens of its prompt, of those from which on it is compacted');
      for (const [turn, text] of watch.entries()) {
        await ask(text);
        const { tokens, threshold } = await manager.statistics(thread, outlook);
        const of = `${String(tokens).padStart(5)} of ${Math.floor(threshold)}`;
        printBar(String(turn + 1).padStart(2), tokens, threshold, `${of}  ${clip(text, 34)}`);
      }
      const { summary, messages } = await thread.view();
      chapter(`What the model sees now: a summary, and the last ${messages.length} messages`);
      for (const line of messageText(summary ?? { content: [] }).split('\n')) print(`${clip(line, 100)}\n`);
      chapter('Two questions: for the first the summary is enough, for the second the originals are read');
      for (const question of [firstQuestion, exactQuestion])
        print(`you: ${question}\nanswer: ${await ask(question)}\n`);
      const all = await manager.statistics(thread, outlook);
      const paid =
        all.cost === null ? 'at a cost that the vendor does not tell' : `for ${unit.show(all.cost)}`;
      note(
        `\n${all.compactions} compactions saved ${all.tokensSaved} tokens, by ${countCalls(all.calls)} ${paid}.`,
      );
      note(`The summariser saw ${all.coverage * 100} % of what its summary replaces.`);
      note(`All ${all.messages.stored} messages are as they were said in ${settings.file}`);
      return all.compactions > 0 && all.coverage === 1 ? 0 : 1;
    } finally {
      await close();
      await store.close();
    }
  },
};
