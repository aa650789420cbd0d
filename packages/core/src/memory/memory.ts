import type { Message } from '../message/message.js';
import type { ChatModel, ToolSpec } from '../model/model.js';
import type { Thread, View } from '../thread/thread.js';

export type Section = 'history' | 'state' | 'recalled';

/** One thing a memory puts into the prompt. It is rendered as quoted text and never gains the system role. */
export interface PromptItem {
  readonly id: string;
  readonly text: string;
  /** Larger is better; where the section is too small, the lowest are left out. @default 0 */
  readonly score?: number;
  /** Id of the entry it came from; an item whose source is visible in the history is left out by core. */
  readonly source?: string;
}

export interface Contribution {
  readonly state?: readonly PromptItem[];
  readonly recalled?: readonly PromptItem[];
}

/** Tokens that each section may fill; 0 for `state` and `recalled` where no memory writes them. */
export interface Budget {
  readonly history: number;
  readonly state: number;
  readonly recalled: number;
}

/** What a call of the turn carries beside the thread's messages, and of what size. */
export interface TurnCall {
  readonly instructions: readonly Message[];
  readonly tools: readonly ToolSpec[];
  /** Of the model, in tokens. */
  readonly contextWindow: number;
  /** Tokens of instructions and tools, as the turn's counter sees them. */
  readonly fixedTokens: number;
  /** Tokens that are left for messages: window − output − tools − instructions − the counter's error. */
  readonly available: number;
  /** Of the turn's counter: the true count is at most `count × (1 + errorRatio)`. */
  readonly errorRatio: number;
  /** Who is asked; undefined where the turn's owner does not say. */
  readonly model: ChatModel | undefined;
}

export interface MemoryContext {
  readonly thread: Thread;
  readonly turnId: string;
  readonly agentId: string | undefined;
  readonly budget: Budget;
  /** In `observe`: of the turn's last call; undefined where it made none. */
  readonly call: TurnCall | undefined;
  /** Tokens of a message as the turn's counter sees it; remembered, so asking again is free. */
  readonly countTokens: (message: Message) => number;
  readonly signal: AbortSignal | undefined;
  /** The view as it is now, with this turn's stored messages: for a second look, for example after a stale reshape. */
  view(): Promise<View>;
}

/**
 * Contributes to the prompt and learns from finished turns.
 * INVARIANT: all memories of a turn see the same frozen input and view, at the same time; the order in which they
 * are given changes nothing.
 */
export interface Memory {
  /** Unique in a list; items are merged in the order of the names. */
  readonly name: string;
  /** Only one memory may write 'history': it does so by `thread.reshape`, never by returning messages. */
  readonly writes: readonly Section[];
  /**
   * Returns only its own items. Called once per turn, and again between steps for the one that writes 'history'.
   * A rejection is reported and the turn goes on without it.
   */
  prepare(input: readonly Message[], view: View, context: MemoryContext): Promise<Contribution>;
  /**
   * Called after the turn is durable, at least once, so INVARIANT: idempotent by `turn.id`. The caller's `finish`
   * does not wait for it; `flush` does.
   */
  observe(
    turn: { readonly id: string; readonly messages: readonly Message[] },
    context: MemoryContext,
  ): Promise<void>;
}
