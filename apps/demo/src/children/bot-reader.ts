// The second process of the story `bot`: opens the same conversation and says what it finds.
import { messageText } from '@loci/core';
import { openBotConversation } from '../examples/chat-bot.js';
import { openStore } from '../wiring/store.js';

const [file = '', id = '', userId = ''] = process.argv.slice(2);
const store = openStore(file);
const conversation = openBotConversation(store, id, userId);
const say = (line: string) => process.stdout.write(`${line}\n`);

for (const message of await conversation.history()) say(`${message.role}: ${messageText(message)}`);
const { messageCount, createdAt, lastActivityAt } = await conversation.record();
say(
  `${messageCount} messages, ${createdAt === null ? 'never begun' : `over ${(lastActivityAt ?? 0) - createdAt} ms`}`,
);
say(`topic: ${(await conversation.attributes.get()).topic || '–'}`);
say(`tone: ${(await conversation.preferences?.get())?.tone}`);
await store.close();
