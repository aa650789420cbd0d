import { InvalidInputError } from '../errors/invalid-input-error.js';
import { groupMessages } from '../message/groups.js';
import { hashMessages } from '../message/hash.js';
import type { Message } from '../message/message.js';
import { randomId } from '../random-id.js';
import type { View } from '../thread/thread.js';
import type { Memory, MemoryContext } from './memory.js';

export interface WindowOptions {
  /** Messages to show after a cut, at most. @default 40 */
  readonly keepLast?: number;
  /**
   * Messages, or tokens of the history's share of the budget, at which to cut, as a factor of what a cut leaves:
   * with 1.5, every cut serves many turns and the prompt cache keeps hitting in between. @default 1.5
   */
  readonly slack?: number;
}

interface Size {
  readonly messages: number;
  readonly tokens: number;
}
/** What to show at most, and what a cut leaves. */
interface Limits {
  readonly most: Size;
  readonly keep: Size;
}

/**
 * The default history memory: shows the newest messages, cut between groups and if possible before a user's message.
 * What it hides stays in the log; pinned messages stay in sight. Writes one small entry per cut.
 *
 * @example
 * withMemory(model, { thread, memory: [window({ keepLast: 60 })] });
 */
export function window(options: WindowOptions = {}): Memory {
  const { keepLast = 40, slack = 1.5 } = options;
  if (!Number.isSafeInteger(keepLast) || keepLast < 0)
    throw new InvalidInputError('keepLast', 'must be a whole number from 0');
  if (!(slack >= 1)) throw new InvalidInputError('slack', 'must be a number from 1');

  async function shape(view: View, context: MemoryContext): Promise<boolean> {
    const { history } = context.budget;
    const most = { messages: keepLast * slack, tokens: history };
    if (view.messages.length <= most.messages && sum(view.messages, context.countTokens) <= most.tokens)
      return true;
    const last = lastHidden(
      view,
      { most, keep: { messages: keepLast, tokens: history / slack } },
      context.countTokens,
    );
    if (!last) return true;
    const hidden = view.messages.slice(0, view.messages.indexOf(last) + 1);
    const keep = view.kept.map((message) => view.ref(message));
    const result = await context.thread.reshape(
      view,
      { covers: view.coverage(last), hash: hashMessages(hidden), keep },
      randomId(),
    );
    return result === 'applied';
  }

  return Object.freeze({
    name: 'window',
    writes: ['history'] as const,
    async prepare(_input, view, context) {
      // Whoever came first has cut already; looking once more is enough, and the next turn cuts in any case.
      if (!(await shape(view, context))) await shape(await context.view(), context);
      return {};
    },
    observe: () => Promise.resolve(),
  } satisfies Memory);
}

/** The last message to hide: everything after it fits, and nothing incomplete or of the open turn is hidden. */
function lastHidden(view: View, limits: Limits, count: (message: Message) => number): Message | undefined {
  const own = new Set(view.open);
  const groups = groupMessages(view.messages.filter((message) => !own.has(message)));
  const incomplete = groups.findIndex((group) => !group.complete);
  const most = incomplete < 0 ? groups.length : incomplete;
  const sizes = groups.map(({ messages }) => ({ messages: messages.length, tokens: sum(messages, count) }));
  /** The first of the groups that fit, counted from the end. */
  const firstFitting = ({ messages, tokens }: Size) => {
    let left = { messages: messages - view.open.length, tokens: tokens - sum(view.open, count) };
    let first = groups.length;
    for (; first > 0; first--) {
      const size = sizes[first - 1] as (typeof sizes)[number];
      left = { messages: left.messages - size.messages, tokens: left.tokens - size.tokens };
      if (left.messages < 0 || left.tokens < 0) break;
    }
    return Math.min(first, most);
  };
  const isUser = (index: number) => groups[index]?.messages[0]?.role === 'user';
  const cut = firstFitting(limits.keep);
  // At a user's message if one follows, or else a little earlier; inside one very long turn, wherever it fits.
  let first = cut;
  while (first < most && !isUser(first)) first++;
  if (first === most && view.open.length === 0) {
    first = cut;
    const earliest = firstFitting(limits.most);
    while (first > earliest && !isUser(first)) first--;
    if (!isUser(first)) first = cut;
  }
  return groups[first - 1]?.messages.at(-1);
}

function sum(messages: readonly Message[], count: (message: Message) => number): number {
  return messages.reduce((total, message) => total + count(message), 0);
}
