import { messageText, type Thread } from '@loci/core';
import { print, table } from './output.js';
import { UsageError } from './usage-error.js';

/** What a command in the chat may use. */
export interface Chat {
  readonly thread: Thread;
  leave(): void;
}

export interface ChatCommand {
  readonly name: `/${string}`;
  readonly about: string;
  run(chat: Chat): Promise<void>;
}

/** Every command in the chat, in the order of `/help`. */
export const chatCommands: readonly ChatCommand[] = [
  {
    name: '/help',
    about: 'lists these commands',
    async run() {
      for (const line of table(chatCommands.map(({ name, about }) => [name, about]))) print(`${line}\n`);
    },
  },
  {
    name: '/history',
    about: 'shows what the model sees of the conversation',
    async run({ thread }) {
      const { kept, messages } = await thread.view();
      const seen = [...kept, ...messages];
      if (seen.length === 0) print('Nothing.\n');
      for (const message of seen)
        print(`${message.role === 'user' ? 'you' : 'answer'} › ${messageText(message)}\n`);
    },
  },
  {
    name: '/clear',
    about: 'hides the conversation from the model; /undo brings it back',
    async run({ thread }) {
      await thread.clear();
      print('Cleared: the model starts anew. Nothing is deleted, and /undo brings it back.\n');
    },
  },
  {
    name: '/undo',
    about: 'takes the last /clear back',
    async run({ thread }) {
      const { shape } = await thread.view();
      for await (const entry of thread.entries({ reverse: true })) {
        if (entry.id !== shape || entry.kind !== 'clear') continue;
        await thread.revert(entry.id);
        print('The conversation is back.\n');
        return;
      }
      print('There is no /clear to take back.\n');
    },
  },
  { name: '/quit', about: 'ends the chat', run: async ({ leave }) => leave() },
];

/** The command that a line is; `undefined` for a message. Throws `UsageError` for one that there is not. */
export function findChatCommand(line: string): ChatCommand | undefined {
  if (!/^\/\w*\s*$/.test(line)) return undefined;
  const found = chatCommands.find(({ name }) => name === line.trim());
  if (found) return found;
  throw new UsageError(
    `There is no ${line.trim()}; /help lists what there is. As a message, begin it with a space.`,
  );
}
