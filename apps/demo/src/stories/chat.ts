import { type ChatModel, createMessage, openThread } from '@loci/core';
import { withMemory } from '@loci/core/turn';
import { attempt } from '../cli/attempt.js';
import { type Chat, chatCommands, findChatCommand } from '../cli/chat-commands.js';
import { openDialogue } from '../cli/dialogue.js';
import { note, print, speaker, table } from '../cli/output.js';
import { startLines } from '../cli/start-lines.js';
import type { Story } from '../cli/story.js';
import { openModel } from '../wiring/model.js';
import { openStore, threadKey } from '../wiring/store.js';

/** A streaming chat on a thread that outlives the process. */
export const chat: Story = {
  name: 'chat',
  about: 'chat with a model that remembers the thread',
  options: ['thread', 'file', 'model', 'context-window'],
  details: [
    'Without a terminal it reads one message per line from standard input, answers to stdout and says the',
    'rest on stderr. A turn is kept once its answer is complete. Ctrl-C stops an answer, and at the prompt',
    'it ends the chat.',
    '',
    'In the chat',
    ...table(
      chatCommands.map(({ name, about }) => [name, about]),
      '  ',
    ),
  ],
  async run(settings) {
    const store = openStore(settings.file);
    const vendor = await openModel(settings);
    const dialogue = openDialogue(speaker('you', 'cyan'));
    try {
      const thread = openThread({ store, key: threadKey(settings.thread) });
      const model = withMemory(vendor.model, { thread, contextWindow: vendor.contextWindow });
      for (const line of startLines(settings, vendor.about, await thread.view())) note(line);
      if (dialogue.interactive)
        note('/help lists what you can do. Ctrl-C stops an answer, and here it leaves.\n');

      let isFine = true;
      const session: Chat = { thread, leave: dialogue.close };
      for await (const text of dialogue.lines()) {
        isFine = await attempt(dialogue, settings.model.vendor, async (signal) => {
          const command = findChatCommand(text);
          if (command) return command.run(session);
          if (dialogue.interactive) process.stderr.write(speaker(vendor.name, 'green'));
          await streamAnswer(model, text, signal);
        });
        if (!dialogue.interactive && (dialogue.interrupted || !isFine)) break;
      }
      await model.flush();
      if (!dialogue.interactive) return dialogue.interrupted ? 130 : Number(!isFine);
      note('Goodbye. The conversation is kept: the next chat goes on with it.');
      return 0;
    } finally {
      dialogue.close();
      await vendor.close();
      await store.close();
    }
  },
};

async function streamAnswer(model: ChatModel, text: string, signal: AbortSignal): Promise<void> {
  const message = createMessage({ role: 'user', content: text });
  for await (const event of model.stream({ messages: [message] }, { signal })) {
    if (event.type === 'text-delta') print(event.text);
    if (event.type !== 'finish') continue;
    print('\n');
    const { warnings, finishReason } = event.response;
    for (const warning of warnings) note(warning.message);
    if (finishReason !== 'stop') note(`The answer ended early: ${finishReason}.`);
  }
}
