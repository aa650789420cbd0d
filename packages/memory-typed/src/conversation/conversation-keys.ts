import type { Key } from '@loci/core';

/** Below which everything lies, unless an option says otherwise. */
export const defaultKey: Key = ['loci'];

/** Where the parts of one conversation lie: the log, and the documents below it. */
export function keysOf(key: Key, id: string) {
  const thread: Key = Object.freeze([...allBelow(key), id]);
  return { thread, attributes: [...thread, 'attributes'], record: [...thread, 'record'] };
}

/** Below which all conversations lie. */
export function allBelow(key: Key): Key {
  return [...key, 'conversations'];
}

export function preferencesKey(key: Key, userId: string): Key {
  return [...key, 'users', userId, 'preferences'];
}
