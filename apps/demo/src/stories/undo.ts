import { existsSync, readFileSync } from 'node:fs';
import { type Message, messageText, openThread, randomId, type Thread } from '@loci/core';
import { before, chatWithMemory, compaction, expand, forget, undo } from '@loci/memory-compaction';
import { chapter, note, print, wrap } from '../cli/output.js';
import type { Story } from '../cli/story.js';
import { openModel } from '../wiring/model.js';
import { openStore, threadKey } from '../wiring/store.js';
import { summarises, summarisingDescription } from '../wiring/summarises.js';

/** Every way back from a compaction. */
export const undoStory: Story = {
  name: 'undo',
  about: 'a compaction by hand, its originals, the view before it, undo, and a word that is forgotten',
  options: ['file', 'model', 'context-window'],
  details: ['Exit code 1 where anything is not exactly what it was, or the forgotten word is found again.'],
  async run(settings) {
    const store = openStore(settings.file);
    const { model, about, contextWindow, close } = await openModel(settings, summarises);
    const thread = openThread({ store, key: threadKey(`undo ${randomId()}`) });
    // A word that nothing else in the file holds.
    const word = `otter-${randomId().slice(0, 8).toLowerCase()}`;
    const manager = compaction({ preserveLastMessages: 2, compressionRatio: 0.5 });
    const outlook = { model, contextWindow };
    const problems: string[] = [];
    const check = (isSo: boolean, what: string) => {
      print(`  ${isSo ? '✓' : '✗'} ${what}\n`);
      if (!isSo) problems.push(what);
    };
    const say = (content: string) =>
      chatWithMemory({
        model,
        thread,
        contextWindow,
        memory: manager,
        messages: [{ role: 'user', content }],
      });
    const compact = async () => {
      const result = await manager.compact(thread, outlook);
      return result.outcome === 'applied' ? result.id : '';
    };
    try {
      for (const line of [...about, ...(settings.model.isLive ? [] : [summarisingDescription])])
        for (const part of wrap(line)) note(part);
      for (const text of conversation(word)) await say(text);
      const whole = (await thread.view()).messages;

      chapter(`${whole.length} messages, compacted by hand`);
      const id = await compact();
      const { summary, messages } = await thread.view();
      for (const line of messageText(summary ?? { content: [] }).split('\n')) print(`  │ ${line}\n`);
      check(summary !== undefined, `a summary and ${messages.length} messages are what the model sees`);

      chapter('expand: the originals behind the summary');
      const originals = await expand(thread, id);
      const hidden = whole.slice(0, -messages.length);
      check(same(originals, hidden), `${originals.length} messages, byte for byte as they were said`);

      chapter('before: the conversation as it was, to read');
      const earlier = await (await before(thread, id)).view();
      check(same(earlier.messages, whole), `${earlier.messages.length} messages, and no summary`);

      chapter('undo, after one more turn');
      await say('The boiler is serviced on Monday.');
      await undo(thread, id);
      const { summary: none, messages: restored } = await thread.view();
      check(same(restored.slice(0, whole.length), whole) && !none, 'the view is what it was');
      check(restored.length === whole.length + 2, 'with what was said since');

      chapter(`forget “${word}”, of which a new summary tells`);
      await compact();
      const { summary: fresh } = await thread.view();
      print(`  it is ${messageText(fresh ?? { content: [] }).includes(word) ? '' : 'not '}in the summary\n`);
      const [receipt] = await forget(thread, { text: word });
      print(
        `  removed: ${receipt?.messages} message, ${receipt?.summaries} summaries that were made from it\n`,
      );
      const { seen, rows } = await texts(thread);
      check(!seen.includes(word), 'it is in no view and no summary');
      check(!rows.includes(word), 'it is in no row of the log');
    } finally {
      await close();
      await store.close();
    }
    const bytes = [settings.file, `${settings.file}-wal`]
      .filter(existsSync)
      .map((path) => readFileSync(path));
    check(!bytes.some((part) => part.includes(word)), 'it is in no byte of the file');
    return problems.length === 0 ? 0 : 1;
  },
};

/** Long enough that a summary of it is shorter. */
function conversation(word: string): readonly string[] {
  return [
    'The house has two boilers. One of them heats the water and the other one heats the rooms, and both are from the year when the roof was made new.',
    `The word at the gate is ${word}. Whoever comes to read the meters asks for it, and nobody else should be told, also not when they say that they know it already.`,
    'The key of the cellar hangs behind the clock. It turns the wrong way round, and where it does not turn at all, a drop of oil and a minute of patience help.',
    'The meters are read in March. The man who reads them writes the figures on a card, and the card has to lie in the window on the day before he comes.',
    'The garden is watered on Tuesdays. In a hot summer it is watered on Fridays as well, always in the evening and never from above, because of the leaves.',
  ];
}

/** What a model sees, and everything that is stored. */
async function texts(thread: Thread): Promise<{ readonly seen: string; readonly rows: string }> {
  const { summary, kept, messages } = await thread.view();
  const rows: unknown[] = [];
  for await (const entry of thread.entries()) rows.push(entry);
  return { seen: JSON.stringify([summary, kept, messages]), rows: JSON.stringify(rows) };
}

function same(some: readonly Message[], others: readonly Message[]): boolean {
  return JSON.stringify(some) === JSON.stringify(others);
}
