import type { JsonValue } from '@loci/core';

export type WireFinishReason = 'stop' | 'length' | 'tool_calls' | 'content_filter';

/** What the server answers, before it takes the vendor's form. A string is `{ text }`. */
export interface OpenAIAnswer {
  readonly text?: string;
  /**
   * In Chat Completions sent as `reasoning_content`, as compatible servers do; the vendor itself has no such field there.
   * In Responses a reasoning item with this summary, encrypted where the request includes that.
   */
  readonly reasoning?: string;
  readonly refusal?: string;
  /** A string is sent as it is, so that it can be malformed. */
  readonly toolCalls?: readonly {
    readonly name: string;
    readonly arguments: JsonValue;
    readonly id?: string;
  }[];
  /** @default 'tool_calls' where there are calls, 'length' where the request's maximum cuts the text, else 'stop' */
  readonly finishReason?: WireFinishReason;
  /** Of the prompt's tokens. @default 0 */
  readonly cachedTokens?: number;
  /** Part of the completion's tokens. @default 0 */
  readonly reasoningTokens?: number;
  /** Of the prompt's tokens. @default 0 */
  readonly cacheWriteTokens?: number;
  /** Of these, with the longer lifetime; only Responses tells them apart. @default 0 */
  readonly cacheWrite12hTokens?: number;
  /** The totals, in place of those of a count; `false` states no usage. */
  readonly usage?: false | { readonly promptTokens: number; readonly completionTokens: number };
  /** In Responses: the answer ends with `response.failed` and this error. */
  readonly failure?: { readonly code: string; readonly message: string };
}

/** A request body that the judge has accepted, as far as answers read it. */
export interface ChatBody {
  readonly model: string;
  readonly messages: readonly WireMessage[];
  readonly stream?: boolean | null;
  readonly stream_options?: { readonly include_usage?: boolean } | null;
  readonly max_completion_tokens?: number | null;
  readonly max_tokens?: number | null;
  readonly n?: number | null;
  readonly tools?: readonly JsonValue[];
  readonly response_format?: {
    readonly type: string;
    readonly json_schema?: { readonly name: string; readonly schema?: JsonValue };
  };
  readonly [field: string]: unknown;
}

export interface WireMessage {
  readonly role: string;
  readonly content?: string | readonly { readonly type: string; readonly text?: string }[] | null;
  readonly tool_calls?: readonly {
    readonly id: string;
    readonly type: string;
    readonly function?: { readonly name: string; readonly arguments: string };
  }[];
  readonly tool_call_id?: string;
}
