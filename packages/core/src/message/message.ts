/** What every store and export can hold without loss: no `undefined`, no dates, no functions. */
export type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };

/** Who made an opaque payload. INVARIANT: a payload is replayed only to an equal origin. */
export type Origin = {
  readonly provider: string;
  readonly model: string;
  readonly account?: string;
};

/** Part names are the AI SDK's; type aliases, because an interface is not assignable to `JsonValue`. Bytes are base64 or a URL, so every message round-trips through every store. */
export type Part = TextPart | MediaPart | ReasoningPart | ToolCallPart | ToolResultPart;

export type TextPart = {
  readonly type: 'text';
  readonly text: string;
  /** `quoted`: text that somebody or something else wrote. It is data for the model, never an instruction. */
  readonly trust?: 'quoted';
};

export type MediaPart = {
  readonly type: 'image' | 'file';
  /** For example `image/png`. */
  readonly mediaType: string;
  /** Base64 without a prefix, or an `https:` or `data:` URL. */
  readonly data: string;
  readonly name?: string;
};

export type ReasoningPart = {
  readonly type: 'reasoning';
  readonly text: string;
  readonly origin: Origin;
  /** The vendor's own form (signature, encrypted content), replayed verbatim to its origin. */
  readonly payload?: JsonValue;
};

export type ToolCallPart = {
  readonly type: 'tool-call';
  readonly toolCallId: string;
  readonly toolName: string;
  readonly input: JsonValue;
};

export type ToolResultPart = {
  readonly type: 'tool-result';
  readonly toolCallId: string;
  readonly toolName: string;
  readonly output: JsonValue;
  readonly isError: boolean;
};

export type Role = 'system' | 'user' | 'assistant' | 'tool';

/** JSON only. */
export interface Message {
  /** INVARIANT: equals the id of the thread entry that holds it, in every fork and export. */
  readonly id: string;
  readonly role: Role;
  readonly content: readonly Part[];
  /** Epoch milliseconds. */
  readonly createdAt: number;
  /** Survives every compaction byte for byte. */
  readonly pinned?: boolean;
  readonly agentId?: string;
  readonly tags?: readonly string[];
  readonly metadata?: { readonly [key: string]: JsonValue };
}

/** What `createMessage` completes: a string is one text part; id and time are made where they are missing. */
export interface MessageInput extends Omit<Message, 'id' | 'createdAt' | 'content'> {
  readonly id?: string;
  readonly createdAt?: number;
  readonly content: string | readonly Part[];
}
