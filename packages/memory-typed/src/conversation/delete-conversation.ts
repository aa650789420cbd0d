import type { IoOptions, Key, Store } from '@loci/core';
import { keysOf } from './conversation-keys.js';

/** Deletes messages, attributes and record. Safe to repeat. */
export async function deleteConversation(store: Store, key: Key, id: string, io: IoOptions): Promise<void> {
  const { thread, attributes, record } = keysOf(key, id);
  // The log is the truth, so it goes last: a repeat after a crash finds what is left.
  await store.documents.delete(attributes, { ...io, expect: 'any' });
  await store.documents.delete(record, { ...io, expect: 'any' });
  await store.logs.delete(thread, io);
}
