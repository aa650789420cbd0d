import type { JsonValue } from '@loci/core';

export type AnthropicStopReason =
  | 'end_turn'
  | 'max_tokens'
  | 'stop_sequence'
  | 'tool_use'
  | 'pause_turn'
  | 'refusal'
  | 'model_context_window_exceeded';

/** What the server answers, before it takes the vendor's form. A string is `{ text }`. */
export interface AnthropicAnswer {
  /** Signed by the server for the model that was asked. Left empty, but signed, where the request omits its display. */
  readonly thinking?: string;
  /** Becomes a `redacted_thinking` block with this inside. */
  readonly redacted?: string;
  readonly text?: string;
  readonly toolCalls?: readonly {
    readonly name: string;
    /** A string is sent as it is, so that it can be malformed. */
    readonly input: JsonValue;
    readonly id?: string;
  }[];
  /** @default 'tool_use' where there are calls, 'max_tokens' where the maximum cuts the text, else 'end_turn' */
  readonly stopReason?: AnthropicStopReason;
  readonly refusal?: 'cyber' | 'bio' | 'frontier_llm' | 'reasoning_extraction' | 'general_harms';
  /** Read from the cache; NOT part of `input_tokens`, as the vendor counts. @default 0 */
  readonly cacheRead?: number;
  /** Written to the cache; not part of `input_tokens` either. @default 0 */
  readonly cacheWrite5m?: number;
  /** @default 0 */
  readonly cacheWrite1h?: number;
  /** Part of the output's tokens. @default 0 */
  readonly thinkingTokens?: number;
  /** The totals, in place of those of a count, input as the vendor states it: without what a cache read or took. `null` states none. */
  readonly usage?: null | { readonly inputTokens: number; readonly outputTokens: number };
}

/** A request body that the judge has accepted, as far as answers read it. */
export interface MessagesBody {
  readonly model: string;
  readonly max_tokens: number;
  readonly messages: readonly WireMessage[];
  readonly system?: string | readonly WireBlock[];
  readonly stream?: boolean;
  readonly tools?: readonly { readonly name: string; readonly [field: string]: unknown }[];
  readonly tool_choice?: { readonly type: string; readonly name?: string };
  readonly thinking?: {
    readonly type: string;
    readonly budget_tokens?: number;
    readonly display?: string | null;
  };
  readonly output_config?: {
    readonly effort?: string | null;
    readonly format?: { readonly type: string; readonly schema: JsonValue } | null;
  };
  readonly [field: string]: unknown;
}

export interface WireMessage {
  readonly role: string;
  readonly content: string | readonly WireBlock[];
}

export interface WireBlock {
  readonly type: string;
  readonly text?: string;
  readonly id?: string;
  readonly name?: string;
  readonly input?: unknown;
  readonly tool_use_id?: string;
  readonly content?: unknown;
  readonly thinking?: string;
  readonly signature?: string;
  readonly data?: string;
  readonly cache_control?: { readonly type: string; readonly ttl?: string } | null;
}

/** The blocks of a message or a system prompt; a string is one block of text. */
export function blocksOf(content: string | readonly WireBlock[] | undefined): readonly WireBlock[] {
  return typeof content === 'string' ? [{ type: 'text', text: content }] : (content ?? []);
}
