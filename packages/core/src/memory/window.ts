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
    const tokens = view.messages.reduce((sum, message) => sum + context.countTokens(message), 0);
    const { history } = context.budget;
    if (view.messages.length <= keepLast * slack && tokens <= history) return true;
    const last = lastHidden(view, keepLast, history / slack, context.countTokens);
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
function lastHidden(
  view: View,
  keepLast: number,
  budget: number,
  count: (message: Message) => number,
): Message | undefined {
  const own = new Set(view.open);
  const groups = groupMessages(view.messages.filter((message) => !own.has(message)));
  const incomplete = groups.findIndex((group) => !group.complete);
  let size = view.open.length;
  let tokens = view.open.reduce((sum, message) => sum + count(message), 0);
  let cut = groups.length;
  while (cut > 0) {
    const messages = groups[cut - 1]?.messages ?? [];
    size += messages.length;
    tokens += messages.reduce((sum, message) => sum + count(message), 0);
    if (size > keepLast || tokens > budget) break;
    cut--;
  }
  if (incomplete >= 0) cut = Math.min(cut, incomplete);
  const beforeUser = groups.findIndex((group, index) => index >= cut && group.messages[0]?.role === 'user');
  const chosen = beforeUser >= 0 && (incomplete < 0 || beforeUser <= incomplete) ? beforeUser : cut;
  return groups[chosen - 1]?.messages.at(-1);
}
