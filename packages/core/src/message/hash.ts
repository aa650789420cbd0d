import { canonicalJson } from '../json.js';
import type { Message } from './message.js';

/** A short digest of messages, in order: equal content and ids give equal text. For noticing a difference, not for security. */
export function hashMessages(messages: readonly Message[]): string {
  return hashText(
    messages.map((message) => canonicalJson([message.id, message.role, message.content])).join('\n'),
  );
}

/** 53 bits, as 11 characters; two 32-bit multiply-xor lanes over UTF-16 units. */
export function hashText(text: string): string {
  let a = 0xdeadbeef;
  let b = 0x41c6ce57;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    a = Math.imul(a ^ unit, 2654435761);
    b = Math.imul(b ^ unit, 1597334677);
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
  return (4294967296 * (2097151 & b) + (a >>> 0)).toString(36).padStart(11, '0');
}
