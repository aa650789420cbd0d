import type { JsonValue, Message, Part } from '../message/message.js';
import type { Usage } from '../model/model.js';

/** The id is the reference; the seq is where to read it. Neither exists for a pending entry: what refers to a position waits for it. */
export interface EntryRef {
  readonly id: string;
  readonly seq: number;
}

/**
 * Everything up to and with one message. A message's position is (seq of its turn's closing entry, own seq); in an
 * open turn, own seq. Made by `view.coverage`: a range of seqs would hide text that nobody summarised.
 */
export interface Coverage {
  readonly closed: { readonly turnSeq: number; readonly seq: number };
  readonly open?: { readonly turnId: string; readonly seq: number };
}

/** What the view shows in place of everything that is covered. The whole shape, never a delta. */
export interface Shape {
  readonly covers: Coverage;
  /** Over what the shaper saw, made by `hashMessages`. */
  readonly hash: string;
  /** Covered messages that stay, byte for byte. `reshape` adds the pinned ones and marks them. */
  readonly keep: readonly (EntryRef & { readonly pinned?: true })[];
  readonly summary?: Message;
  /**
   * Shorter content for messages that are not covered, by message id, for example cleared tool results; a message
   * without any content is not shown. A message that was redacted later stays redacted.
   */
  readonly replace?: { readonly [id: string]: readonly Part[] };
  readonly details?: JsonValue;
}

export type TurnState =
  /** `leaseUntil`: epoch milliseconds; 0 where nobody runs it and whoever brings the tool results goes on. */
  | { readonly state: 'started' | 'claimed'; readonly owner: string; readonly leaseUntil: number }
  | { readonly state: 'completed' }
  | { readonly state: 'failed'; readonly reason: string };

/** What a model was given, as ids, so that it can be looked at later and nothing more has to be forgotten. */
export interface CallRecord {
  /** Ids of the recalled items that were in the prompt. */
  readonly recalled: readonly string[];
  /** Id of the overlay or clear that shaped the prompt. */
  readonly shape: string | null;
  readonly usage: Usage | null;
  /** `provider/modelId`. */
  readonly model: string;
}

/** The kinds that core knows. A newer `version` of one of them refuses the thread with `UnknownVersionError`. */
export type CoreEntry =
  | { readonly kind: 'message'; readonly data: Message }
  | { readonly kind: 'turn'; readonly data: TurnState }
  | { readonly kind: 'call'; readonly data: CallRecord }
  /** The newest living `overlay` or `clear` alone decides. With `covers.open`: only for that turn until it completes. */
  | { readonly kind: 'overlay'; readonly data: Shape }
  /** Hides everything that it covers, pinned messages included. */
  | { readonly kind: 'clear'; readonly data: { readonly covers: Coverage } }
  /** Ends the life of an overlay or clear; the one before it decides again. */
  | { readonly kind: 'revert'; readonly data: { readonly target: string } }
  | {
      readonly kind: 'redaction';
      readonly data: { readonly ids: readonly string[]; readonly derived: readonly string[] };
    }
  /** `seq` of the message, where known: without it a view may have to look for the message from the end. */
  | {
      readonly kind: 'pin';
      readonly data: { readonly id: string; readonly pinned: boolean; readonly seq?: number };
    };

/** Kinds of plugins bear their name, for example `react/step`; core views ignore them. */
export interface PluginEntry {
  readonly kind: `${string}/${string}`;
  readonly data: JsonValue;
}

export type EntryInput = (CoreEntry | PluginEntry) & {
  /** 1–512 UTF-8 bytes, unique in the thread: the same id again is the same entry. */
  readonly id: string;
  /** Version of the kind, from 1. */
  readonly version: number;
  readonly turnId?: string;
  readonly agentId?: string;
  readonly tags?: readonly string[];
  /** Epoch milliseconds of the first write, where the entry is a copy (fork, import). @default the store's time */
  readonly at?: number;
};

export type Entry = EntryInput & {
  readonly seq: number;
  readonly at: number;
  readonly pending?: true;
};
