import { join } from 'node:path';
import { type Entry, messageText, openThread } from '@loci/core';
import { createSqliteStore } from '@loci/stores-sqlite';
import { threadKey } from '../src/wiring/store.js';

/** What another process finds in the demo's file: what is seen of the thread, and its whole log. */
export async function readThread(folder: string, name = 'default', file = 'loci-demo.db') {
  const store = createSqliteStore({ path: join(folder, file) });
  try {
    const thread = openThread({ store, key: threadKey(name) });
    const entries: Entry[] = [];
    for await (const entry of thread.entries()) entries.push(entry);
    const { messages } = await thread.view();
    const open = await thread.openTurns();
    return { seen: messages.map((message) => `${message.role}: ${messageText(message)}`), entries, open };
  } finally {
    await store.close();
  }
}
