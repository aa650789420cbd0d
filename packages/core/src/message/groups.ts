import type { Message } from './message.js';

/**
 * The unit of every cut: a call with all its results, and the reasoning that came with it.
 * INVARIANT: `complete` is false while a call lacks a result, or where a result lacks its call; an incomplete group
 * is never cut or covered.
 */
export interface Group {
  readonly messages: readonly Message[];
  readonly complete: boolean;
}

/** Splits messages into groups, in order: the concatenation of all groups is the input. Linear. */
export function groupMessages(messages: readonly Message[]): Group[] {
  const groups: { messages: Message[]; open: Set<string>; orphan: boolean }[] = [];
  for (const message of messages) {
    const results = message.content.flatMap((part) => (part.type === 'tool-result' ? [part.toolCallId] : []));
    const calls = message.content.flatMap((part) => (part.type === 'tool-call' ? [part.toolCallId] : []));
    const last = groups.at(-1);
    if (last && results.length > 0 && results.some((id) => last.open.has(id))) {
      last.messages.push(message);
      for (const id of results) if (!last.open.delete(id)) last.orphan = true;
      for (const id of calls) last.open.add(id);
    } else {
      groups.push({ messages: [message], open: new Set(calls), orphan: results.length > 0 });
    }
  }
  return groups.map(({ messages: held, open, orphan }) => ({
    messages: held,
    complete: open.size === 0 && !orphan,
  }));
}
