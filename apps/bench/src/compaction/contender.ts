import type { ChatModel, ChatResponse, Clock, Message, ToolSpec } from '@loci/core';
import type { CacheRates } from '@loci/testing/cache';
import type { TraceCall } from './trace.js';

/** What a contender gets to work with. */
export interface Stage {
  /** Answers the trace, and summarises whatever else it is asked. */
  readonly model: ChatModel;
  /** Summarises as well, at a fifth of the price and with a cache of its own. */
  readonly cheapModel: ChatModel;
  readonly instructions: Message;
  readonly tools: readonly ToolSpec[];
  readonly clock: Clock;
  /** Of the model. */
  readonly rates: CacheRates;
  /** How long the vendor keeps a prefix, in milliseconds. */
  readonly lifetimeMs: number;
}

/** A conversation as a contender keeps it. */
export interface KeptChat {
  /** Sends what is new: a user's message, or the results of calls. */
  send(messages: readonly Message[]): Promise<ChatResponse>;
  /** Asks the tool that it offers to the model after a subject, as a model would; absent where it offers none. */
  readonly recall?: (subject: string) => Promise<TraceCall>;
}

export interface Contender {
  readonly name: string;
  /** Whose code it is; what it keeps is not ours to check. */
  readonly ours: boolean;
  open(stage: Stage): KeptChat;
}
