import { type ChatModel, type Key, messageText, type Store } from '@loci/core';
import { type ChatWithMemoryOptions, chatWithMemory } from '@loci/memory-compaction';
import { temperatures } from './temperatures.js';
import { askWithTools } from './tool-turn.js';

/** Where two agents work on one report. */
export interface Report {
  readonly store: Store;
  /** The one memory that both are given. */
  readonly thread: Key;
  readonly contextWindow: number;
}

type Sharing = Pick<ChatWithMemoryOptions, 'share' | 'includeCrossAgent'> & {
  readonly tags?: readonly string[];
};

/** An agent that finds out how warm it is, with a tool, and shares what it finds only where it is told to. */
export async function research(
  { store, thread, contextWindow }: Report,
  model: ChatModel,
  question: string,
  { tags = [], ...sharing }: Sharing = {},
): Promise<string> {
  const chat = { model, store, thread, contextWindow, memory: { tags }, agentId: 'researcher', ...sharing };
  const { message } = await askWithTools(
    (messages) => chatWithMemory({ ...chat, messages, tools: temperatures }),
    question,
    temperatures,
  );
  return messageText(message);
}

/** An agent on another vendor that has no tool: it knows what its prompt says. */
export async function summarise(
  { store, thread, contextWindow }: Report,
  model: ChatModel,
  question: string,
  sharing: Sharing = {},
): Promise<string> {
  const chat = { model, store, thread, contextWindow, agentId: 'summariser', ...sharing };
  const { message } = await chatWithMemory({ ...chat, messages: [{ role: 'user', content: question }] });
  return messageText(message);
}
