import type { JsonValue, Message } from '../message/message.js';
import type { Key } from '../store/store.js';

/** Why a call failed. The router decides by it; see `ModelErrorData` for what each one carries. */
export type ErrorKind =
  | 'aborted'
  | 'deadline'
  | 'timeout'
  | 'rate-limit'
  | 'quota'
  | 'auth'
  | 'not-found'
  | 'overloaded'
  | 'server'
  | 'connection'
  | 'context-length'
  | 'content-filter'
  | 'invalid-request'
  | 'truncated'
  | 'malformed';

export interface ModelErrorData {
  readonly kind: ErrorKind;
  /** How much of the vendor is affected: this request, this model, this key, or all of it. */
  readonly scope: 'request' | 'model' | 'credential' | 'provider';
  /** Where a retry can help: at the same place, elsewhere only, or nowhere. */
  readonly retry: 'same' | 'other' | 'none';
  /** What the vendor asked for, in milliseconds from the moment of the error. */
  readonly retryAfterMs?: number;
  /** HTTP status; absent where the failure had none. */
  readonly status?: number;
  /** The vendor's own code or type, for example `insufficient_quota`. */
  readonly providerCode?: string;
  readonly requestId?: string;
  /** What had been received; present whenever content had been emitted. INVARIANT: never holds a runnable tool call. */
  readonly partial?: Message;
  readonly usage?: Usage;
}

/** Tokens, in one convention: `input` is the total, of which cached; `output` is the total, of which reasoning. */
export interface Usage {
  readonly input: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
  /** Part of `cacheWrite`: entries with the vendor's longer lifetime. Absent where the vendor does not tell lifetimes apart. */
  readonly cacheWriteLong?: number;
  readonly output: number;
  readonly reasoning: number;
}

export type FinishReason =
  | 'stop'
  | 'length'
  | 'tool-calls'
  | 'content-filter'
  | 'context-window'
  | 'paused'
  | 'other';

export interface ToolSpec {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of the input. */
  readonly inputSchema: JsonValue;
}

export interface ChatRequest {
  readonly messages: readonly Message[];
  readonly tools?: readonly ToolSpec[];
  /** @default 'auto' */
  readonly toolChoice?: 'auto' | 'none' | 'required' | { readonly toolName: string };
  /** Asks for JSON that fits the schema. */
  readonly output?: { readonly name: string; readonly schema: JsonValue };
  readonly maxOutputTokens?: number;
  readonly temperature?: number;
  readonly reasoning?: { readonly effort: 'none' | 'low' | 'medium' | 'high' };
  /** Ids of the messages that end a prefix expected to be sent again, and a key that keeps equal prefixes on one endpoint. */
  readonly cache?: { readonly affinityKey: string; readonly prefixEnds: readonly string[] };
  /** Settings for one vendor, by provider name; ignored by the others. */
  readonly vendor?: { readonly [provider: string]: JsonValue };
}

/** Limits of one call, in milliseconds; each that is absent does not limit. The failure is `timeout` with scope `model`. */
export interface CallTimeouts {
  /** Until the vendor's response headers. */
  readonly headersMs?: number;
  /** Until the first text, reasoning or tool-call content. */
  readonly firstContentMs?: number;
  /** Between two events, once content has begun. */
  readonly idleMs?: number;
  /** From the call to its end. */
  readonly totalMs?: number;
}

export interface CallOptions {
  readonly signal?: AbortSignal;
  /** Epoch milliseconds; the failure is `deadline`. */
  readonly deadlineAt?: number;
  readonly timeouts?: CallTimeouts;
  /** Optional event kinds this caller handles. INVARIANT: an implementation never emits `restart` unless it is named here. */
  readonly accepts?: readonly 'restart'[];
  /** Where the call belongs, for threads, traces and cache affinity; never sent to a vendor. */
  readonly scope?: { readonly thread?: Key; readonly turnId?: string; readonly agentId?: string };
}

/** Deltas are for display. INVARIANT: only `finish.response` is authoritative; nothing is stored and no tool runs before it. */
export type ChatEvent =
  | { readonly type: 'text-delta' | 'reasoning-delta'; readonly partIndex: number; readonly text: string }
  | {
      readonly type: 'tool-call-delta';
      readonly partIndex: number;
      readonly toolCallId: string;
      readonly toolName: string;
      readonly inputText: string;
    }
  /** Discard every delta so far; `partIndex` starts again at 0. */
  | { readonly type: 'restart'; readonly reason: ErrorKind }
  | { readonly type: 'finish'; readonly response: ChatResponse };

export interface Warning {
  readonly code: string;
  readonly message: string;
}

export interface ChatResponse {
  readonly message: Message;
  readonly finishReason: FinishReason;
  /** `null` where the vendor did not say; never invented. */
  readonly usage: Usage | null;
  readonly model: { readonly provider: string; readonly modelId: string; readonly requestId?: string };
  /** What was asked for and could not be honoured. */
  readonly warnings: readonly Warning[];
  /** The router's explanation, or any wrapper's, by name. */
  readonly notes?: { readonly [wrapper: string]: JsonValue };
}

export type Feature = 'tools' | 'images' | 'files' | 'output-schema' | 'reasoning' | 'system' | 'prefill';

/** A router answers with the weakest of its eligible models: 'yes' if all, the smallest window. */
export interface ModelTraits {
  readonly features: { readonly [F in Feature]: 'yes' | 'no' | 'unknown' };
  /** Tokens. */
  readonly contextWindow: number | 'unknown';
  /** Tokens. */
  readonly maxOutputTokens: number | 'unknown';
}

/**
 * Anything that turns a request into a stream of events: a vendor, a router, a model with memory.
 *
 * INVARIANT: exactly one `finish`, or one thrown `ModelError`. An answer without the vendor's own end marker is
 * `truncated`, never a success. INVARIANT: no retries inside. INVARIANT: the API key appears in no error and in no
 * inspection of the model. What cannot be honoured is a warning, not a failure.
 */
export interface ChatModel {
  readonly specVersion: 1;
  readonly provider: string;
  readonly modelId: string;
  readonly traits: ModelTraits;
  /** The whole answer at once. Equal to collecting `stream`. */
  generate(request: ChatRequest, options?: CallOptions): Promise<ChatResponse>;
  /** Starts when iterated. Leaving the loop early cancels the call and closes what it opened. */
  stream(request: ChatRequest, options?: CallOptions): AsyncIterable<ChatEvent>;
}
