import type { Key } from '@loci/core';
import type { MergePath } from './merge/merge-json.js';

/** What became of a queued write. */
export type Delivered =
  /** The server took it as it was. */
  | 'applied'
  /** An earlier attempt, whose answer was lost, had already applied it. */
  | 'replayed'
  /** The record had changed; the write was made anew on it. */
  | 'merged'
  /** There was nothing left to do: it is deleted already, or the merge left everything as it was. */
  | 'unneeded'
  /** Its time to live had ended. */
  | 'expired';

/** What happened inside. Events carry keys and ids, never values. */
export type OfflineEvent =
  | { readonly type: 'server-left'; readonly error: unknown }
  | { readonly type: 'server-returned'; readonly awayMs: number }
  | { readonly type: 'write-queued'; readonly key: Key; readonly operationId: string }
  | {
      readonly type: 'write-delivered';
      readonly key: Key;
      readonly operationId: string;
      readonly outcome: Delivered;
    }
  /** It is kept and not tried again; `refused()` gives it back. */
  | {
      readonly type: 'write-refused';
      readonly id: string;
      readonly key: Key;
      readonly operationId: string;
      readonly error: unknown;
    }
  /** Theirs stays; ours is kept, and `conflicts()` gives it back. */
  | { readonly type: 'conflict-kept'; readonly id: string; readonly key: Key; readonly path: MergePath }
  /** A record of the queue cannot be read. It stays as it is, and the others are delivered. `key` is the journal's. */
  | { readonly type: 'record-damaged'; readonly key: Key; readonly error: unknown }
  /** The journal could not be read or written: the copy may lack something, or the delivery waits a little. */
  | { readonly type: 'journal-failed'; readonly error: unknown }
  /** The lease ended, and another process took the journal. */
  | { readonly type: 'lease-lost' };
