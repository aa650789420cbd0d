import type { Message, Part, Role } from '../message/message.js';
import type { Place } from './report.js';
import type { LossReason } from './why.js';

/** One part on its way through the compiler. Parts are told apart by their items: one object may occur twice. */
export interface Item {
  readonly message: Message;
  readonly messageIndex: number;
  readonly partIndex: number;
  readonly part: Part;
  readonly why: LossReason[];
  /** The role and form in which it is sent; absent while it is not. */
  sent?: { role: Role; part: Part };
  at?: Place;
}

export function toItems(messages: readonly Message[]): Item[] {
  return messages.flatMap((message, messageIndex) =>
    message.content.map((part, partIndex): Item => ({ message, messageIndex, partIndex, part, why: [] })),
  );
}
