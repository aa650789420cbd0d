import { type ChatModel, createMessage, messageText, type Store } from '@loci/core';
import { withMemory } from '@loci/core/turn';
import { openConversation } from '@loci/memory-typed';
import { z } from 'zod';

/** The conversation of a bot, whichever process opens it; what the user prefers holds in all of theirs. */
export function openBotConversation(store: Store, id: string, userId: string) {
  return openConversation({
    store,
    key: ['demo', 'bot'],
    id,
    userId,
    attributes: { schema: z.object({ topic: z.string() }), initial: { topic: '' } },
    preferences: { schema: z.object({ tone: z.string() }), initial: { tone: 'neutral' } },
    historyLimit: 50,
  });
}

/** A complete chat bot: it remembers, and so does the next process. */
export function createBot(
  model: ChatModel,
  contextWindow: number,
  conversation: ReturnType<typeof openBotConversation>,
) {
  const chat = withMemory(model, { thread: conversation.thread, contextWindow });
  return {
    conversation,
    async send(text: string): Promise<string> {
      const { message } = await chat.generate({ messages: [createMessage({ role: 'user', content: text })] });
      return messageText(message);
    },
  };
}
