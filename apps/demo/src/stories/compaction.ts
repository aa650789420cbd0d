import { messageText, openThread } from '@loci/core';
import {
  type Candidate,
  type CompactionEvent,
  chatWithMemory,
  compaction,
  recallTool,
} from '@loci/memory-compaction';
import { printBar } from '../cli/bar.js';
import { chapter, clip, note, print, wrap } from '../cli/output.js';
import type { Story } from '../cli/story.js';
import { exactQuestion, firstQuestion, keepsWatch, watch, watchTools } from '../examples/engine-watch.js';
import { askWithTools } from '../examples/tool-turn.js';
import { openModel } from '../wiring/model.js';
import { costUnit } from '../wiring/prices.js';
import { openStore, threadKey } from '../wiring/store.js';
import { summarisingDescription } from '../wiring/summarises.js';

type Finished = Extract<CompactionEvent, { type: 'compaction-finished' }>;

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
    const passes: Finished[] = [];
    const manager = compaction({
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
      for (const pass of passes.splice(0)) print(`      ${tell(pass, candidates, unit.show)}\n`);
      return messageText(message);
    };
    try {
      for (const line of [...about, ...(settings.model.isLive ? [] : [summarisingDescription]), unit.about])
        for (const part of wrap(line)) note(part);
      chapter('Each line is a turn: the tokens of its prompt, and where compaction begins');
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
        `\n${all.compactions} compactions saved ${all.tokensSaved} tokens, by ${calls(all.calls)} ${paid}.`,
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

/** What a pass did, and what the plan before the turn had said that it would cost. */
function tell(pass: Finished, candidates: readonly Candidate[], show: (cost: number) => string): string {
  const { action, before, after, covered } = pass;
  const what = action === 'clear' ? 'old tool results are cleared' : `${covered} messages become a ${action}`;
  const planned = candidates.findLast((candidate) => candidate.action === action);
  const price = planned ? `, planned at ${show(planned.cost)}` : '';
  return `↓ ${what}: ${before} → ${after} tokens, ${calls(pass.calls)}${price}`;
}

function calls(count: number): string {
  return count === 1 ? '1 call' : `${count} calls`;
}
