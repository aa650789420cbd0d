import { systemClock } from '../clock.js';
import { randomId } from '../random-id.js';
import type { Message, MessageInput } from './message.js';

/**
 * Completes a message: a string becomes one text part, and id and time are made where they are missing.
 *
 * @example
 * createMessage({ role: 'user', content: 'My dog is called Rex.' });
 */
export function createMessage(
  input: MessageInput,
  source: { readonly now?: () => number; readonly randomId?: () => string } = {},
): Message {
  return {
    ...input,
    id: input.id ?? (source.randomId ?? randomId)(),
    createdAt: input.createdAt ?? (source.now ?? systemClock.now)(),
    content: typeof input.content === 'string' ? [{ type: 'text', text: input.content }] : input.content,
  };
}

/** The text parts of a message, joined. Reasoning, tool calls, results and media are left out. */
export function messageText(message: Pick<Message, 'content'>): string {
  return message.content.map((part) => (part.type === 'text' ? part.text : '')).join('');
}
