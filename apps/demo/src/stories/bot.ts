import { newConversationId } from '@loci/memory-typed';
import { chapter, note, print } from '../cli/output.js';
import type { Story } from '../cli/story.js';
import { createBot, openBotConversation } from '../examples/chat-bot.js';
import { openModel } from '../wiring/model.js';
import { startPart } from '../wiring/start-part.js';
import { openStore } from '../wiring/store.js';

const words = ['Hello! My name is Ada.', 'My dog is called Rex.', 'What is my dog called?'];

/** A chat bot whose conversation a second process sees, and whose other conversations it does not. */
export const bot: Story = {
  name: 'bot',
  about: 'a complete chat bot, seen from a second process',
  options: ['file', 'model', 'context-window'],
  details: ['The bot itself is apps/demo/src/examples/chat-bot.ts.'],
  async run(settings) {
    const store = openStore(settings.file);
    const vendor = await openModel(settings);
    const userId = 'ada';
    const [one, other] = [newConversationId(userId), newConversationId(userId)].map((id) =>
      openBotConversation(store, id, userId),
    );
    try {
      if (!one || !other) return 1;
      for (const line of vendor.about) note(line);
      chapter(`Process ${process.pid} is the bot`);
      const chat = createBot(vendor.model, vendor.contextWindow, one);
      for (const text of words) print(`user: ${text}\nassistant: ${await chat.send(text)}\n`);
      await one.attributes.set({ topic: 'pets' });
      await one.preferences?.set({ tone: 'cheerful' });

      for (const [title, { id }] of [
        ['A second process opens the same conversation', one],
        ['A third opens another conversation of the same user', other],
      ] as const) {
        chapter(title);
        const lines = await startPart('bot-reader', [settings.file, id, userId]).rest();
        for (const line of lines) print(`  ${line}\n`);
      }
      return 0;
    } finally {
      await one?.delete();
      await one?.preferences?.clear();
      await vendor.close();
      await store.close();
    }
  },
};
