import type { JsonValue } from '../message/message.js';

/**
 * 1–16 segments of 0–512 UTF-8 bytes; anything else is refused with `InvalidKeyError`.
 * INVARIANT: two different keys never collide, and no segment is read as a pattern or a path.
 */
export type Key = readonly string[];

/** Opaque: compare for equality only. Never the same again for a key that was deleted and written anew. */
export type Version = string & { readonly __version: true };

/** What the stored record must be for a write to happen. */
export type Expect = 'any' | 'absent' | { readonly version: Version };

export interface IoOptions {
  /** Ends the waiting with `signal.reason`. A write that is under way may still be applied. */
  readonly signal?: AbortSignal;
}

export interface Listed {
  readonly key: Key;
  /** Epoch milliseconds of the last write. */
  readonly updatedAt: number;
  /** Epoch milliseconds; absent: does not expire. */
  readonly expiresAt?: number;
}

export interface ListOptions extends IoOptions {
  /** Only keys that come after this one, in the order of the listing. */
  readonly after?: Key;
  readonly limit?: number;
}

export interface StoredDocument extends Listed {
  readonly value: JsonValue;
  readonly version: Version;
  /** The value is queued here and its version provisional. */
  readonly pending?: true;
}

export interface PutOptions extends IoOptions {
  readonly expect: Expect;
  /** Made once per intended change, and the same for every repeat of it. */
  readonly operationId: string;
  /** Milliseconds from this write, more than 0. Absent: the expiry stays as it is. */
  readonly ttlMs?: number;
  /**
   * Makes the value anew from what is stored, `undefined` where nothing is. A store that queued this write calls it
   * when the record has changed meanwhile, as often as it takes; what it throws refuses the write. Other stores ignore
   * it, and so does a queue that a later process delivers: that one merges.
   */
  readonly rebase?: (stored: JsonValue | undefined) => JsonValue | Promise<JsonValue>;
}

export interface PutReceipt {
  /** The version that this operation made; on `replayed`, when it was first applied. */
  readonly version: Version;
  readonly replayed: boolean;
  /** Queued here and its version provisional: the server may know another one by now. */
  readonly pending?: true;
}

export interface DocumentStore {
  /** Resolves `undefined` when the key is absent or expired. Never rejects for a missing key. */
  get(key: Key, options?: IoOptions): Promise<StoredDocument | undefined>;
  /**
   * Replaces the whole document.
   * INVARIANT: when `expect` does not match the stored version, rejects with `ConflictError` and writes nothing.
   * INVARIANT: the record keeps the operation ids of its newest 32 versions; repeated with one of them, `put` writes
   * nothing and answers `replayed`, before `expect` is looked at. `ConflictError.mayHaveApplied` is true where the
   * version after `expect` is older than that.
   * Rejects with `InvalidInputError` where the value is not JSON.
   */
  put(key: Key, value: JsonValue, options: PutOptions): Promise<PutReceipt>;
  /** Resolves whether there was something to delete. Rejects with `ConflictError` when `expect` names another version. */
  delete(key: Key, options: { readonly expect: Expect } & IoOptions): Promise<boolean>;
  /** By encoded key, ascending; `prefix` matches whole segments, and an empty one matches everything. */
  list(prefix: Key, options?: ListOptions): AsyncIterable<Listed>;
}

export interface LogAppend {
  /** Unique in its log, 1–512 UTF-8 bytes. The idempotency key. */
  readonly id: string;
  readonly body: JsonValue;
}

export interface LogEntry extends LogAppend {
  /** Position, from 1, without gaps. */
  readonly seq: number;
  /** Epoch milliseconds of the append. */
  readonly at: number;
  /** Starts at 0 and counts rewrites. */
  readonly revision: number;
  /** Queued here; its seq is provisional. */
  readonly pending?: true;
}

/** `epoch` is made anew when a deleted or expired log is written again, so a cursor from before is recognised. */
export interface LogHead {
  readonly epoch: string;
  readonly seq: number;
}

export interface AppendReceipt {
  readonly epoch: string;
  readonly firstSeq: number;
  readonly lastSeq: number;
  readonly outcome: 'appended' | 'replayed' | 'pending';
}

export interface AppendOptions extends IoOptions {
  /** Milliseconds from this append, for the whole log, more than 0. Absent: the expiry stays as it is. */
  readonly ttlMs?: number;
  readonly expect?: 'absent' | LogHead;
}

export interface ReadOptions extends IoOptions {
  /** First seq, inclusive. @default 1 */
  readonly from?: number;
  /** Last seq, inclusive. @default the newest */
  readonly to?: number;
  /** Newest first. @default false */
  readonly reverse?: boolean;
  readonly limit?: number;
}

export interface LogStore {
  /**
   * INVARIANT: all or nothing, one contiguous run of seqs. Entry ids are unique in a log and are the idempotency key:
   * all present → `replayed` with the stored seqs (read them: the first write won), before `expect` is looked at;
   * some present → `ConflictError`. At least one entry; a repeated id within one call is `InvalidInputError`.
   * An append with `expect` is never queued, because whether it holds is known only to the server: while
   * that is away, it rejects with `StoreUnavailableError` and writes nothing.
   */
  append(key: Key, entries: readonly LogAppend[], options?: AppendOptions): Promise<AppendReceipt>;
  /** Absent or expired log: nothing. */
  read(key: Key, options?: ReadOptions): AsyncIterable<LogEntry>;
  /** Resolves `undefined` when the log is absent or expired. */
  head(key: Key, options?: IoOptions): Promise<LogHead | undefined>;
  /**
   * The only in-place change there is, for redaction (a stub that keeps the entry's kind) and key rotation; seq, at
   * and id stay, and `revision` grows by one. Resolves the ids written.
   * INVARIANT: only where `revision` is still the stored one, so a rotation never brings back what a redaction removed.
   */
  rewrite(
    key: Key,
    entries: readonly (LogAppend & { readonly revision: number })[],
    options?: IoOptions,
  ): Promise<readonly string[]>;
  /** Resolves whether there was something to delete. */
  delete(key: Key, options?: IoOptions): Promise<boolean>;
  /** As `DocumentStore.list`. */
  list(prefix: Key, options?: ListOptions): AsyncIterable<Listed>;
}

/** A hint to read again: at least once, may coalesce, carries no value. `resync` comes first (subscribed) and after every gap. */
export type Change =
  | { readonly type: 'resync' }
  | { readonly type: 'changed'; readonly target: 'document' | 'log'; readonly key: Key };

export interface ChangeFeed {
  /** Ends, without an error, when the signal is aborted or the store is closed. */
  watch(prefix: Key, options: { readonly signal: AbortSignal }): AsyncIterable<Change>;
}

export interface SearchItem {
  readonly id: string;
  readonly text: string;
  readonly vector?: readonly number[];
  readonly fields: { readonly [name: string]: string | number | readonly string[] };
}

export interface SearchQuery {
  readonly text?: string;
  readonly vector?: readonly number[];
  readonly where?: SearchItem['fields'];
  readonly limit: number;
}

/** Every call names its space: there is no query over all spaces. `cursor` is written with the items, so a crash re-indexes and never skips. */
export interface SearchIndex {
  open(
    space: Key,
    settings: { readonly analyzer: string; readonly dimensions: number },
  ): Promise<{ readonly cursor: string | undefined }>;
  upsert(space: Key, items: readonly SearchItem[], options: { readonly cursor: string }): Promise<void>;
  query(space: Key, query: SearchQuery): Promise<readonly { readonly id: string; readonly score: number }[]>;
  delete(space: Key, ids: readonly string[]): Promise<void>;
}

/** What a store is good for, as data; the conformance kit verifies it. */
export interface StoreSupport {
  /** What an acknowledged write survives: nothing, the end of the process (`SIGKILL`), or a power cut. */
  readonly durability: 'memory' | 'process' | 'disk';
  readonly ttlGranularityMs: number;
  readonly feed: 'none' | 'poll' | 'push';
  /** Whether writes may be queued (`pending`) while a server is away. */
  readonly pending: boolean;
}

export interface CloseReport {
  readonly unsaved: readonly { readonly key: Key; readonly operationId: string; readonly reason: string }[];
}

/**
 * Versioned documents and append-only logs. Documents and logs are apart: the same key may name one of each, and no
 * operation spans both.
 */
export interface Store {
  readonly documents: DocumentStore;
  readonly logs: LogStore;
  readonly supports: StoreSupport;
  /** Absent: the store has no change feed. */
  readonly feed?: ChangeFeed;
  /** Absent: the store has no search index. */
  readonly search?: SearchIndex;
  /** Ends every feed and refuses later calls with `StoreClosedError`. A second call does nothing. */
  close(options?: { readonly timeoutMs?: number }): Promise<CloseReport>;
}
