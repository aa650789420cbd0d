import { messageText } from '@loci/core';
import { openConversation } from '@loci/memory-typed';
import { fromOpenAIMessages, toOpenAIMessages } from '@loci/providers-openai';
import { startOpenAI } from '@loci/testing/openai';
import OpenAI from 'openai';
import { chapter, note, print } from '../cli/output.js';
import type { Story } from '../cli/story.js';
import { defaultModel } from '../wiring/model.js';
import { openStore } from '../wiring/store.js';

const words = ['My dog is called Rex.', 'What is my dog called?'];

/** A conversation that lasts, with the vendor's own client and none of our models. */
export const bare: Story = {
  name: 'bare',
  about: 'memory with the bare `openai` client, or any client of a compatible endpoint',
  options: ['file', 'thread', 'model'],
  details: [
    'The client is new for each message, as it would be in another process: all that it knows is in the memory.',
    'Without a key or OPENAI_BASE_URL a loopback server answers, which is a stand-in.',
  ],
  async run({ file, thread: id, apiKey, baseUrl, model = defaultModel }) {
    const store = openStore(file);
    const standIn = apiKey || baseUrl ? undefined : await startOpenAI();
    try {
      const address = standIn
        ? { baseURL: standIn.url, apiKey: 'none' }
        : { baseURL: baseUrl, apiKey: apiKey ?? 'none' };
      for (const content of words) {
        const conversation = openConversation({ store, key: ['demo', 'bare'], id });
        await conversation.append([{ role: 'user', content }]);
        const { messages } = toOpenAIMessages(await conversation.history({ limit: 20 }));
        chapter(`you › ${content}   (${messages.length} messages go to the model)`);
        const client = new OpenAI({ ...address, maxRetries: 0 });
        const answer = await client.chat.completions.create({ model, messages });
        const [choice] = answer.choices;
        if (!choice) throw new Error('The answer has no choice.');
        const [reply] = await conversation.append(fromOpenAIMessages([choice.message]));
        print(`${reply ? messageText(reply) : ''}\n`);
      }
      const { messageCount } = await openConversation({ store, key: ['demo', 'bare'], id }).record();
      note(`\n${messageCount} messages are kept in ${file}`);
      return 0;
    } finally {
      await standIn?.close();
      await store.close();
    }
  },
};
