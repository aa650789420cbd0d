import {
  type Contribution,
  createMessage,
  type EntryInput,
  type Memory,
  type MemoryContext,
  type Message,
  type PromptItem,
  type Thread,
} from '@loci/core';
import { countMessage, estimateCounter } from '@loci/core/turn';
import { deepFreezeCopy } from '../kit/deep-freeze-copy.js';

/** What users say in the cases: enough for a memory that learns to learn something. */
export const sayings = [
  'Remember that my dog is called Rex.',
  'I live in Porto and I work as a carpenter.',
  'Remember that I am allergic to peanuts.',
  'My favourite colour is green. Buy paint.',
  'Remember that the meeting is on Friday at ten.',
] as const;

export const user = (text: string, id?: string): Message =>
  createMessage({ role: 'user', content: text, createdAt: 1, ...(id === undefined ? {} : { id }) });

export interface Turn {
  readonly id: string;
  readonly messages: readonly Message[];
}

/** A finished turn, as `observe` gets it. */
export function turnOf(index: number): Turn {
  const id = `turn-${index}`;
  const text = sayings[index % sayings.length] ?? '';
  return deepFreezeCopy({
    id,
    messages: [
      user(text, `${id}.0`),
      createMessage({ id: `${id}.1`, role: 'assistant', content: `Noted: ${text}`, createdAt: 1 }),
    ],
  });
}

/** The entries of a finished turn, for one append. */
export function entriesOf({ id, messages }: Turn): EntryInput[] {
  const mark = (name: string, data: Extract<EntryInput, { kind: 'turn' }>['data']): EntryInput => ({
    id: `${id}.${name}`,
    version: 1,
    kind: 'turn',
    turnId: id,
    data,
  });
  return [
    mark('start', { state: 'started', owner: 'kit', leaseUntil: 0 }),
    ...messages.map((data): EntryInput => ({ id: data.id, version: 1, kind: 'message', turnId: id, data })),
    mark('end', { state: 'completed' }),
  ];
}

export function contextOf(thread: Thread, more: Partial<MemoryContext> = {}): MemoryContext {
  return Object.freeze({
    thread,
    turnId: 'now',
    agentId: undefined,
    budget: { history: 4000, state: 1000, recalled: 1000 },
    call: undefined,
    countTokens: (message: Message) => countMessage(estimateCounter, message),
    signal: undefined,
    view: () => thread.view(),
    ...more,
  });
}

/** Asks as a turn does: with a frozen input and the view of this moment. */
export async function ask(
  memory: Memory,
  thread: Thread,
  question = 'What is my dog called, and where do I live?',
  more: Partial<MemoryContext> = {},
): Promise<Contribution> {
  const input = Object.freeze([deepFreezeCopy(user(question, 'now.0'))]);
  return memory.prepare(input, await thread.view(), contextOf(thread, more));
}

/** Stores turns and lets the memory learn from them, as a chat does. */
export async function live(memory: Memory, thread: Thread, count: number, from = 0): Promise<void> {
  for (let index = from; index < from + count; index++) {
    const turn = turnOf(index);
    await thread.append(entriesOf(turn));
    await memory.observe(turn, contextOf(thread, { turnId: turn.id }));
  }
}

/** Everything that a memory contributed. */
export const itemsOf = (given: Contribution): readonly PromptItem[] => [
  ...(given.state ?? []),
  ...(given.recalled ?? []),
];
