import type { Clock, IoOptions, JsonValue, Key, Message, MessageInput, Store, Thread } from '@loci/core';
import type { MemoryEvent } from '../memory/events.js';
import type { MemoryOptions } from '../memory/memory-options.js';
import type { TypedMemory } from '../memory/typed-memory.js';
import type { Redact } from '../value/redact-value.js';

/** What attributes and preferences are without a schema: any JSON object. */
export type Attributes = { readonly [name: string]: JsonValue };

/** A memory that belongs to a conversation or to a user: what `openMemory` takes but for where it lies. */
export type ConversationMemory<Input, Value> = Pick<
  MemoryOptions<Input, Value>,
  'schema' | 'initial' | 'schemaId' | 'schemaVersion' | 'migrations' | 'maxBytes'
>;

export interface ConversationOptions<AttributesInput, AttributesValue, PreferencesInput, PreferencesValue> {
  readonly store: Store;
  /** Below it lie `conversations` and `users`; 13 segments at most. @default ['loci'] */
  readonly key?: Key;
  /** Any text of 0–512 UTF-8 bytes. @default a new one */
  readonly id?: string;
  /** Whose conversation it is, a text as `id`. Without it there are no preferences. */
  readonly userId?: string;
  /** State of this conversation. @default any JSON object, empty at first */
  readonly attributes?: ConversationMemory<AttributesInput, AttributesValue>;
  /** What is known of the user, in every conversation. @default any JSON object, empty at first */
  readonly preferences?: ConversationMemory<PreferencesInput, PreferencesValue>;
  /** How many messages `history` answers. @default 100 */
  readonly historyLimit?: number;
  /** Runs over messages, attributes and preferences before anything is stored. @default nothing is taken out */
  readonly redact?: Redact;
  /** Milliseconds after the newest message at which the conversation is forgotten. @default it is kept */
  readonly ttlMs?: number;
  /** Told about attributes and preferences. */
  readonly onEvent?: (event: MemoryEvent) => void;
  /** @default systemClock */
  readonly clock?: Clock;
  /** Makes ids of messages and operations; must never answer the same twice. @default randomId of `@loci/core` */
  readonly randomId?: () => string;
}

/** What is kept of a conversation by itself. */
export interface ConversationRecord {
  readonly id: string;
  /** Epoch milliseconds of the first entry; `null` where there is none. */
  readonly createdAt: number | null;
  /** Epoch milliseconds of the newest entry; `null` where there is none. */
  readonly lastActivityAt: number | null;
  /** Messages ever written, in completed turns or outside of any. */
  readonly messageCount: number;
}

export interface HistoryOptions extends IoOptions {
  /** @default `historyLimit` of the conversation */
  readonly limit?: number;
}

/**
 * A thread, and what belongs to it. The thread is the truth; the record is derived from it.
 * INVARIANT: nothing of another conversation is read, but what belongs to the user.
 */
export interface Conversation<
  AttributesValue = Attributes,
  PreferencesValue = Attributes,
  AttributesInput = AttributesValue,
  PreferencesInput = PreferencesValue,
> {
  readonly id: string;
  readonly userId?: string;
  /** For `withMemory` and views. What is appended to it counts like what `append` appends. */
  readonly thread: Thread;
  readonly attributes: TypedMemory<AttributesValue, AttributesInput>;
  /** Absent where there is no `userId`. */
  readonly preferences?: TypedMemory<PreferencesValue, PreferencesInput>;
  /** Adds messages, all or none, outside of any turn. Resolves them as they are stored. */
  append(messages: readonly MessageInput[], options?: IoOptions): Promise<readonly Message[]>;
  /**
   * The newest messages, oldest first: those of completed turns and those outside of any, but not what was cleared or
   * redacted. Compaction does not shorten it. INVARIANT: reads from the end, only as far as the limit needs.
   */
  history(options?: HistoryOptions): Promise<readonly Message[]>;
  /** Times and counts. INVARIANT: costs what was appended since it was last asked for, by anybody. */
  record(options?: IoOptions): Promise<ConversationRecord>;
  /** Deletes messages, attributes and record; preferences stay. Safe to repeat. */
  delete(options?: IoOptions): Promise<void>;
}
