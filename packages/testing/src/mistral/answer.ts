import type { JsonValue } from '@loci/core';

export type MistralFinishReason = 'stop' | 'length' | 'model_length' | 'tool_calls' | 'error';

/** What the server answers, before it takes the vendor's form. A string is `{ text }`. */
export interface MistralAnswer {
  readonly text?: string;
  /** Sends the text as a list of chunks in place of a string, as the vendor may. @default false */
  readonly textAsChunks?: boolean;
  /** Sent as thinking chunks before the text. */
  readonly reasoning?: string;
  /** The vendor's signature of its reasoning, on the last thinking chunk. */
  readonly signature?: string;
  /** A string is sent as it is, so that it can be malformed; an object is sent as an object. */
  readonly toolCalls?: readonly {
    readonly name: string;
    readonly arguments: JsonValue;
    /** `null` sends none. @default nine characters */
    readonly id?: string | null;
  }[];
  /** Streams tool calls in fragments by index in place of whole, as the vendor rarely does. @default false */
  readonly callsInPieces?: boolean;
  /** @default 'tool_calls' where there are calls, 'length' where the request's maximum cuts the text, else 'stop' */
  readonly finishReason?: MistralFinishReason;
  /** Of the prompt's tokens. @default 0 */
  readonly cachedTokens?: number;
  /** Where the cached tokens are stated: the vendor has three spellings. @default 'prompt_tokens_details' */
  readonly cachedIn?: 'num_cached_tokens' | 'prompt_tokens_details' | 'prompt_token_details';
  /** The totals, in place of those of a count. */
  readonly usage?: { readonly promptTokens: number; readonly completionTokens: number };
}

/** A request body that the judge has accepted, as far as answers read it. */
export interface MistralBody {
  readonly model: string;
  readonly messages: readonly MistralMessage[];
  readonly stream?: boolean;
  readonly max_tokens?: number | null;
  readonly n?: number | null;
  readonly tools?: readonly JsonValue[] | null;
  readonly response_format?: {
    readonly type?: string;
    readonly json_schema?: { readonly name: string; readonly schema: JsonValue } | null;
  };
  readonly [field: string]: unknown;
}

export interface MistralMessage {
  readonly role: string;
  readonly content?: string | readonly { readonly type?: string; readonly text?: string }[] | null;
  readonly tool_calls?:
    | readonly {
        readonly id?: string;
        readonly function: { readonly name: string; readonly arguments: JsonValue };
      }[]
    | null;
  readonly tool_call_id?: string | null;
  readonly name?: string | null;
  readonly prefix?: boolean;
}
