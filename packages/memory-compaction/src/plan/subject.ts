import type { ChatModel, MemoryContext, Message, Thread, ToolSpec, View } from '@loci/core';
import { countTools, createTokenLedger, renderPrompt } from '@loci/core/turn';
import type { Settings } from '../options/settings.js';

/** What is compacted: a thread as one turn sees it, or as it is outside of any turn. */
export interface Subject {
  readonly thread: Thread;
  readonly view: View;
  readonly agentId: string | undefined;
  /** The turn that is under way; undefined outside of any. */
  readonly turnId: string | undefined;
  /** The turn's messages that the thread does not hold yet. */
  readonly unstored: readonly Message[];
  readonly count: (message: Message) => number;
  readonly errorRatio: number;
  readonly instructions: readonly Message[];
  readonly tools: readonly ToolSpec[];
  /** Tokens of instructions and tools. */
  readonly fixedTokens: number;
  /** Tokens that messages may fill: what does not fit is left out of the prompt. */
  readonly room: number;
  /** The window of the model that is asked, in tokens; undefined where nobody said. */
  readonly contextWindow: number | undefined;
  /** Who is asked in the turn. */
  readonly model: ChatModel | undefined;
  readonly signal: AbortSignal | undefined;
}

/** What is known of the calls to come, where a thread is looked at outside of a turn. */
export interface Outlook {
  readonly instructions?: readonly Message[];
  readonly tools?: readonly ToolSpec[];
  /** Tokens. @default the model's, if it is given and says it; otherwise no limit */
  readonly contextWindow?: number;
  /** Who will be asked. */
  readonly model?: ChatModel;
  readonly agentId?: string;
  readonly signal?: AbortSignal;
}

export function fromTurn(input: readonly Message[], view: View, context: MemoryContext): Subject {
  const { budget, call } = context;
  const open = new Set(view.open.map((message) => message.id));
  return {
    thread: context.thread,
    view,
    agentId: context.agentId,
    turnId: context.turnId,
    unstored: input.filter((message) => !open.has(message.id)),
    count: context.countTokens,
    errorRatio: call?.errorRatio ?? 0,
    instructions: call?.instructions ?? [],
    tools: call?.tools ?? [],
    fixedTokens: call?.fixedTokens ?? 0,
    room: call ? call.available - budget.state - budget.recalled : budget.history,
    contextWindow: call?.contextWindow,
    model: call?.model,
    signal: context.signal,
  };
}

export async function fromThread(thread: Thread, outlook: Outlook, { counter }: Settings): Promise<Subject> {
  const { instructions = [], tools = [], model, agentId, signal } = outlook;
  await counter.load();
  const { count } = createTokenLedger(counter);
  const known = outlook.contextWindow ?? model?.traits.contextWindow;
  const contextWindow = typeof known === 'number' ? known : undefined;
  const fixedTokens = sum(instructions, count) + countTools(counter, tools);
  return {
    thread,
    view: await thread.view(agentId === undefined ? {} : { agentId }),
    agentId,
    turnId: undefined,
    unstored: [],
    count,
    errorRatio: counter.errorRatio,
    instructions,
    tools,
    fixedTokens,
    room:
      contextWindow === undefined
        ? Number.POSITIVE_INFINITY
        : Math.floor((contextWindow * 0.75) / (1 + counter.errorRatio)) - fixedTokens,
    contextWindow,
    model,
    signal,
  };
}

export function sum(messages: readonly Message[], count: (message: Message) => number): number {
  return messages.reduce((total, message) => total + count(message), 0);
}

/** Tokens of a summary as it stands in the prompt, with the marks around it. */
export function summaryTokens(summary: Message | undefined, { view, count }: Subject): number {
  if (!summary) return 0;
  const alone = { ...view, kept: [], messages: [], open: [], summary };
  return sum(renderPrompt({ instructions: [], view: alone, own: [], quoted: [] }).head, count);
}

/** Tokens of a text as a message. */
export function textTokens(text: string, count: (message: Message) => number): number {
  return count({ id: '', role: 'user', createdAt: 0, content: [{ type: 'text', text }] });
}
