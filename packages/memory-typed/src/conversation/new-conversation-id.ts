import { randomId } from '@loci/core';

/**
 * A new id that nobody guesses. With a user, it begins with theirs, so that people recognise it; nothing is read from
 * it.
 *
 * @example
 * const conversation = openConversation({ store, id: newConversationId('alice'), userId: 'alice' });
 */
export function newConversationId(userId?: string, newId: () => string = randomId): string {
  return userId === undefined ? newId() : `${userId}-${newId()}`;
}
