import type { Key } from '@loci/core';
import type { PassAction } from './apply/details.js';

/** What a compaction does, as it does it. Events carry ids and counts, never text of the conversation. */
export type CompactionEvent = { readonly at: number; readonly thread: Key } & (
  | { readonly type: 'compaction-started'; readonly trigger: string; readonly tokens: number }
  /** A chunk of what is covered was read by the summariser. */
  | { readonly type: 'compaction-progress'; readonly done: number; readonly of: number }
  | {
      readonly type: 'compaction-finished';
      /** Id of the overlay: `undo` and `expand` take it. */
      readonly id: string;
      readonly action: PassAction;
      readonly before: number;
      readonly after: number;
      /** Messages that it covered. */
      readonly covered: number;
      readonly calls: number;
    }
  /** The view is as it was. */
  | { readonly type: 'compaction-failed'; readonly reason: string; readonly error?: unknown }
  /** A trigger fired and nothing was done. */
  | { readonly type: 'compaction-skipped'; readonly reason: string }
  /** The summariser failed several times in a row: it is left alone until `until`, epoch milliseconds. */
  | { readonly type: 'breaker-opened'; readonly until: number }
  | { readonly type: 'breaker-closed' }
);
