import type { Message } from '../message/message.js';
import type { AppendReceipt, IoOptions, Key } from '../store/store.js';
import type { Coverage, Entry, EntryInput, EntryRef, Shape } from './entry.js';

/** What a model may see of a thread at one moment. Frozen. */
export interface View {
  /** Seq of the newest entry that was looked at; 0 for an empty thread. */
  readonly seq: number;
  /** Id of the newest shaping entry (overlay, clear, revert, redaction, pin). */
  readonly basis: string | null;
  /** Id of the overlay or clear that is in force. */
  readonly shape: string | null;
  /** What is in force, whole, for a shaper that goes on from it; a clear has neither hash nor summary. */
  readonly current: ShapeInForce | undefined;
  readonly summary: Message | undefined;
  /** Covered, but pinned or in `keep`: byte for byte as written. */
  readonly kept: readonly Message[];
  /** Completed turns in order of completion, each contiguous, then the messages of the open turn. */
  readonly messages: readonly Message[];
  /** The last of `messages`: those of the caller's own open turn. */
  readonly open: readonly Message[];
  /** Ids of the messages in `kept` and `messages` that are pinned now. */
  readonly pinned: ReadonlySet<string>;
  /** Covers up to and with this message. Valid only for the last message of a complete group of `messages`. */
  coverage(through: Message): Coverage;
  /** Throws `InvalidInputError` for a message that is not in this view. */
  ref(message: Message): EntryRef;
}

/** An overlay or clear as a view found it. */
export type ShapeInForce = Omit<Shape, 'hash'> & EntryRef;

export interface ViewOptions {
  /** The caller's own open turn; nobody else sees it. The look back goes on until its beginning, so name only a stored one. */
  readonly turnId?: string;
  /** Only messages of this agent and those that belong to no agent. */
  readonly agentId?: string;
}

/** A turn that has begun and not ended. */
export interface OpenTurn {
  readonly turnId: string;
  readonly owner: string;
  /** Epoch milliseconds; past or 0: anybody may claim it. */
  readonly leaseUntil: number;
  /** Calls of this turn that have no result yet. */
  readonly pendingCalls: readonly string[];
}

/** A plugin's own view of the log. */
export interface Fold<S> {
  /** Unique per thread object; another fold under the same name gets the first one's state. */
  readonly name: string;
  /** A new state each time, so `apply` may change it in place. Called again after a redaction: what is left is folded anew. */
  initial(): S;
  apply(state: S, entry: Entry): S;
}

export interface EntriesOptions extends IoOptions {
  readonly from?: number;
  readonly to?: number;
  readonly reverse?: boolean;
  readonly limit?: number;
}

export interface ThreadReader {
  readonly key: Key;
  /** The log itself, newest first with `reverse`. Throws `DamagedRecordError` or `UnknownVersionError` at an entry it cannot trust. */
  entries(options?: EntriesOptions): AsyncIterable<Entry>;
  /**
   * What a model may see: completed turns in order of completion, then the open turn `turnId`.
   * INVARIANT: equal to folding the whole log, and read from the end: a cold view costs what the window costs, a
   * warm one what was appended since.
   */
  view(options?: ViewOptions): Promise<View>;
  /** Turns that began within what the view reads and have not ended, oldest first. */
  openTurns(): Promise<readonly OpenTurn[]>;
  /** A plugin's own view. INVARIANT: costs what was appended since the last call. */
  fold<S>(fold: Fold<S>): Promise<S>;
}

/** An append-only log with views. Nothing is overwritten except by redaction. */
export interface Thread extends ThreadReader {
  /** All or nothing. The same entry ids again are `replayed`. Rejects with `InvalidInputError` before anything is written. */
  append(entries: readonly EntryInput[], options?: IoOptions): Promise<AppendReceipt>;
  /**
   * Appends an overlay only if nothing shaped the thread since `view`; messages may have come. Pinned messages of the
   * view that it covers are added to `keep`. Loops on `expect: head`, so a losing summary is never stored. The same id
   * again, after a lost answer, is `applied` where it was.
   * Rejects with `PendingError` while the store only queues.
   */
  reshape(view: View, shape: Shape, id: string): Promise<'applied' | 'stale'>;
  /** Hides everything that is completed now, pinned messages included. Resolves the id to `revert` it by. */
  clear(): Promise<string>;
  /** Undoes an overlay or a clear. */
  revert(target: string): Promise<void>;
  /** Pins a message of the current view, or unpins one; unpinning what is out of sight does nothing. */
  pin(messageId: string, pinned?: boolean): Promise<void>;
  /**
   * Removes the text of these entries: marks first, then rewrites them and every overlay made from them as stubs that
   * keep the kind. Tool calls and results keep their ids and names, so that what is left stays legal. Safe to repeat
   * after a crash, and a repeat finishes what an earlier one began. Forks made before are threads of their own.
   */
  redact(ids: readonly string[]): Promise<void>;
  /** The thread as it was when `seq` was the newest entry. Rejects with `PendingError` on first use where `seq` is only queued. */
  at(seq: number): ThreadReader;
  /** What would be stored of a message: the `redact` option applied, everything else as it is. */
  clean(message: Message): Message;
  /** Another thread of the same store, with the same options. Does no I/O. */
  sibling(key: Key): Thread;
  /**
   * Copies entries 1..seq with ids and seqs, so every reference in them stays true. The same
   * fork again is recognised; rejects with `ConflictError` where `key` holds anything else.
   */
  fork(seq: number, key: Key): Promise<Thread>;
}
