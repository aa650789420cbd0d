import type { IoOptions, JsonValue, Key, Store } from '@loci/core';
import type { MergeConflict } from './merge/merge-json.js';

/** A place where ours gave way to theirs, and what ours was. */
export interface KeptConflict extends MergeConflict {
  /** For `discard`. */
  readonly id: string;
  readonly key: Key;
  readonly operationId: string;
  /** Epoch milliseconds of the call that wrote ours. */
  readonly at: number;
}

/** A write that the server refused, or a record of the queue that cannot be read. */
export interface RefusedWrite {
  /** For `discard`. */
  readonly id: string;
  /** Of the record that was written; of a damaged one, its key in the journal. */
  readonly key: Key;
  /** Of an append, its first entry id. Empty where the record cannot be read. */
  readonly operationId: string;
  readonly reason: string;
  /** Epoch milliseconds of the call; 0 where the record cannot be read. */
  readonly at: number;
  /** What was to be written, as the journal holds it. */
  readonly write: JsonValue;
}

export interface OfflineStatus {
  /** `delivering`: the server answers, and the queue is not yet empty. */
  readonly state: 'online' | 'away' | 'delivering';
  readonly queued: number;
  readonly refused: readonly Omit<RefusedWrite, 'write'>[];
  /** How many conflicts are kept. */
  readonly conflicts: number;
}

/** A `Store` that goes on while its server is away. */
export interface OfflineStore extends Store {
  /** How it stands. Asks the journal, and never the server. */
  status(options?: IoOptions): Promise<OfflineStatus>;
  /**
   * Resolves when nothing is queued any more; asks the server at once where it was away. Rejects with
   * `StoreUnavailableError` where that takes longer than `timeoutMs`.
   */
  flush(options?: IoOptions & { readonly timeoutMs?: number }): Promise<void>;
  /** What was kept when ours gave way to theirs, oldest first. */
  conflicts(options?: IoOptions): Promise<readonly KeptConflict[]>;
  /** What the server refused and what cannot be read, oldest first. */
  refused(options?: IoOptions): Promise<readonly RefusedWrite[]>;
  /** Removes a kept conflict or a refused write for good, by its `id`. Resolves whether there was one. */
  discard(id: string, options?: IoOptions): Promise<boolean>;
}
