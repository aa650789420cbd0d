import type { Key } from '@loci/core';
import type { PassAction } from './apply/details.js';

/** What a compaction does, as it does it. Events carry ids and counts, never text of the conversation. */
export type CompactionEvent = { readonly at: number; readonly thread: Key } & CompactionStep;

export type CompactionStep =
  | { readonly type: 'compaction-started'; readonly trigger: string; readonly tokens: number }
  /** The summariser read another chunk of a range that does not fit into one call. */
  | { readonly type: 'compaction-progress'; readonly done: number; readonly of: number }
  | {
      readonly type: 'compaction-finished';
      /** Id of the overlay: `undo` and `expand` take it. */
      readonly id: string;
      readonly action: PassAction;
      /** Tokens of the prompt. */
      readonly before: number;
      readonly after: number;
      /** Messages that it covered. */
      readonly covered: number;
      readonly calls: number;
    }
  /** The view is as it was. */
  | { readonly type: 'compaction-failed'; readonly reason: string; readonly error: unknown }
  /** A trigger fired and nothing was done: `pending`, `undone`, `stale`, `breaker`. */
  | { readonly type: 'compaction-skipped'; readonly reason: string }
  /** The summariser failed: it is left alone until `until`, epoch milliseconds. */
  | { readonly type: 'breaker-opened'; readonly until: number }
  | { readonly type: 'breaker-closed' };
