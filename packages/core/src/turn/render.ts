import type { PromptItem } from '../memory/memory.js';
import { messageText } from '../message/create-message.js';
import { groupMessages } from '../message/groups.js';
import type { Message, Part } from '../message/message.js';
import type { View } from '../thread/thread.js';

export interface PromptParts {
  readonly instructions: readonly Message[];
  readonly view: View;
  /** The turn's own messages. */
  readonly own: readonly Message[];
  /** Leading parts of the turn's user message. */
  readonly quoted: readonly Part[];
}

/**
 * Stable first, so that prompt caches keep hitting: instructions · kept · summary · history · the turn, whose user
 * message begins with what is recalled and the state. INVARIANT: recalled, state and summary never gain the system role.
 */
export function renderPrompt({ instructions, view, own, quoted }: PromptParts): {
  head: Message[];
  history: Message[];
  turn: Message[];
} {
  const openIds = new Set(view.open.map((message) => message.id));
  return {
    head: [...instructions, ...view.kept, ...(view.summary ? [quoteSummary(view.summary)] : [])],
    history: view.messages.filter((message) => !openIds.has(message.id)),
    turn: withQuoted(own, quoted),
  };
}

/** Items as one quoted part. What is quoted cannot close its own quotation. */
export function quote(tag: 'recalled' | 'state' | 'summary', texts: readonly string[]): Part[] {
  if (texts.length === 0) return [];
  const safe = texts.map((text) => text.replaceAll(`</${tag}`, `<\\/${tag}`)).join('\n');
  return [{ type: 'text', trust: 'quoted', text: `<${tag}>\n${safe}\n</${tag}>\n` }];
}

/** The best items that fit, in the order they came, and the ids of the rest. */
export function fitItems(items: readonly PromptItem[], budget: number, count: (text: string) => number) {
  const byScore = items.toSorted((a, b) => (b.score ?? 0) - (a.score ?? 0) || (a.id < b.id ? -1 : 1));
  let left = budget;
  const fitting = new Set(
    byScore.filter((item) => {
      const tokens = count(item.text) + 1;
      if (tokens > left) return false;
      left -= tokens;
      return true;
    }),
  );
  return {
    chosen: items.filter((item) => fitting.has(item)),
    dropped: items.filter((item) => !fitting.has(item)).map((item) => item.id),
  };
}

/** Leaves out the oldest complete groups until `excess` tokens are gone; incomplete groups, pinned messages and the system's stay. */
export function trimHistory(
  history: readonly Message[],
  excess: number,
  count: (message: Message) => number,
  pinned: ReadonlySet<string>,
) {
  let left = excess;
  let dropped = 0;
  const messages = groupMessages(history).flatMap((group) => {
    const stays = group.messages.some(({ id, role }) => role === 'system' || pinned.has(id));
    if (left <= 0 || !group.complete || stays) return group.messages;
    for (const message of group.messages) left -= count(message);
    dropped += group.messages.length;
    return [];
  });
  return { messages, dropped, missing: Math.max(0, left) };
}

function quoteSummary(summary: Message): Message {
  return { ...summary, role: 'user', content: quote('summary', [messageText(summary)]) };
}

function withQuoted(own: readonly Message[], quoted: readonly Part[]): Message[] {
  if (quoted.length === 0) return [...own];
  const last = own.findLastIndex((message) => message.role === 'user');
  const target = own[last];
  if (target)
    return own.map((message, index) =>
      index === last ? { ...target, content: [...quoted, ...target.content] } : message,
    );
  // A turn without a user message, for example one that a tool began: what is recalled stands before it.
  const [first] = own;
  return [
    { id: `${first?.id ?? 'turn'}.quoted`, role: 'user', createdAt: first?.createdAt ?? 0, content: quoted },
    ...own,
  ];
}
