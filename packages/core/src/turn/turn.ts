import type { Message } from '../message/message.js';
import type { ChatRequest, ChatResponse } from '../model/model.js';
import type { EntryInput } from '../thread/entry.js';

/** A request before the memory is in it. */
export interface TurnRequest extends Omit<ChatRequest, 'messages'> {
  /** System messages; never stored. */
  readonly instructions?: readonly Message[];
}

/** One turn of one thread: the engine under `withMemory` and the agent. */
export interface Turn {
  readonly id: string;
  /** The turn's own messages so far, as they are or will be stored. */
  messages(): Promise<readonly Message[]>;
  /**
   * Renders the prompt for the next call of this turn; `recalled` and `state` are fixed at the first. Where it still
   * does not fit, the oldest complete groups are left out of this one request, with a warning on the response.
   * Rejects with `ContextOverflowError` where the turn itself does not fit.
   */
  request(base: TurnRequest): Promise<ChatRequest>;
  /** A durable step, if the turn was opened `durable`; otherwise kept until `suspend`, `complete` or `fail`. Resolves the messages with their ids. */
  commit(messages: readonly Message[], extra?: readonly EntryInput[]): Promise<readonly Message[]>;
  /** Commits a model's answer and the record of its call. Resolves the response with the stored message and the turn's warnings. */
  answer(response: ChatResponse, extra?: readonly EntryInput[]): Promise<ChatResponse>;
  /** Stores what there is and leaves the turn open, for whoever brings the tool results. */
  suspend(): Promise<void>;
  /** Ends the turn: from here on it is seen. One append for a turn that was not stored before. */
  complete(): Promise<void>;
  /** Ends the turn: it stays in the log and nobody sees it. Never rejects; waits at most `closeTimeoutMs`. */
  fail(reason: string): Promise<void>;
}
