import { messageText, openThread, randomId } from '@loci/core';
import { before, chatWithMemory, compaction, expand, forget, undo } from '@loci/memory-compaction';
import { chapter, note, print, wrap } from '../cli/output.js';
import type { Story } from '../cli/story.js';
import { aboutTheHouse, holds, same, textsOf } from '../examples/house.js';
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
    const chat = { ...outlook, thread };
    let isFine = true;
    const check = (isSo: boolean, what: string) => {
      print(`  ${isSo ? '✓' : '✗'} ${what}\n`);
      isFine &&= isSo;
    };
    const say = (content: string) =>
      chatWithMemory({ ...chat, memory: manager, messages: [{ role: 'user', content }] });
    const compact = async () => {
      const result = await manager.compact(thread, outlook);
      return result.outcome === 'applied' ? result.id : '';
    };
    try {
      for (const line of [...about, ...(settings.model.isLive ? [] : [summarisingDescription])].flatMap(wrap))
        note(line);
      for (const text of aboutTheHouse(word)) await say(text);
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
      print(`  removed: ${receipt?.messages} message, ${receipt?.summaries} summaries made from it\n`);
      const { seen, rows } = await textsOf(thread);
      check(!seen.includes(word), 'it is in no view and no summary');
      check(!rows.includes(word), 'it is in no row of the log');
    } finally {
      await close();
      await store.close();
    }
    check(!holds(settings.file, word), 'it is in no byte of the file');
    return isFine ? 0 : 1;
  },
};
