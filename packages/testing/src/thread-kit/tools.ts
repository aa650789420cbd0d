import {
  type ConflictError,
  createMessage,
  type EntryInput,
  type Key,
  type Message,
  messageText,
  type Role,
  type Shape,
  type Store,
  StoreUnavailableError,
  type Thread,
  type ThreadReader,
  type TurnState,
  type View,
} from '@loci/core';
import { TurnNotSavedError } from '@loci/core/turn';
import { conflictOf, holds, toArray } from '../kit/assertions.js';

export const key: Key = ['thread'];
export const started: TurnState = { state: 'started', owner: 'kit', leaseUntil: 0 };
export const completed: TurnState = { state: 'completed' };

const patience = 200;

/**
 * Repeats a call with the same ids while the store is unavailable, as a caller of a thread is told to. Everything here
 * goes through it, so that the cases also hold on a store that loses answers.
 */
export async function again<T>(run: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await run();
    } catch (error) {
      if (!isUnavailable(error) || attempt === patience) throw error;
    }
  }
}

/** Also of a turn that could not be saved because the store did not answer. */
export function isUnavailable(error: unknown): boolean {
  const reason = TurnNotSavedError.isInstance(error) ? error.cause : error;
  return StoreUnavailableError.isInstance(reason);
}

export function messageEntry(
  id: string,
  text: string,
  more: {
    readonly turnId?: string;
    readonly role?: Role;
    readonly pinned?: boolean;
    readonly agentId?: string;
  } = {},
): EntryInput {
  const { turnId, role = 'user', ...rest } = more;
  const data = createMessage({ id, role, content: text, createdAt: 1, ...rest });
  return { id, version: 1, kind: 'message', data, ...(turnId === undefined ? {} : { turnId }) };
}

export function turnMark(turnId: string, data: TurnState): EntryInput {
  const id = `${turnId}.${data.state === 'started' ? 'start' : 'end'}`;
  return { id, version: 1, kind: 'turn', turnId, data };
}

/** One completed turn as the entries of a single append. */
export function chatTurn(turnId: string, question: string, answer = 'heard'): EntryInput[] {
  return [
    turnMark(turnId, started),
    messageEntry(`${turnId}.0`, question, { turnId }),
    messageEntry(`${turnId}.1`, answer, { turnId, role: 'assistant' }),
    turnMark(turnId, completed),
  ];
}

export const append = (thread: Thread, entries: readonly EntryInput[]) => again(() => thread.append(entries));

/** Turns `t0`, `t1`, … that say `fact 0`, `fact 1`, … */
export async function tell(thread: Thread, count: number, from = 0): Promise<void> {
  for (let index = from; index < from + count; index++)
    await append(thread, chatTurn(`t${index}`, `fact ${index}`));
}

export const look = (thread: ThreadReader, options?: Parameters<Thread['view']>[0]) =>
  again(() => thread.view(options));
export const idsOf = (messages: readonly Message[]) => messages.map(({ id }) => id);
export const textsOf = async (thread: ThreadReader) => (await look(thread)).messages.map(messageText);

/** Everything that is stored of a log, as text: to look for what must not be there. */
export async function dump(store: Store, at: Key = key): Promise<string> {
  return JSON.stringify(await again(() => toArray(store.logs.read(at))));
}

/** A shape that covers up to and with the message at this place of the view. */
export function shapeOf(view: View, through: number, summary?: string): Shape {
  const last = view.messages[through];
  holds(last, `the view has no message ${through}`);
  return {
    covers: view.coverage(last),
    hash: '',
    keep: [],
    ...(summary === undefined
      ? {}
      : { summary: createMessage({ role: 'user', content: summary, createdAt: 1 }) }),
  };
}

/** Reshapes, and repeats it after a lost answer. */
export function reshape(thread: Thread, view: View, shape: Shape, id: string): Promise<'applied' | 'stale'> {
  return again(() => thread.reshape(view, shape, id));
}

/** The conflict of a call that may have to be repeated. */
export const conflict = (run: () => Promise<unknown>): Promise<ConflictError> => conflictOf(again(run));
