import type { Key } from '@loci/core';

/** What happened inside. Events carry ids and counts, never values. */
export type MemoryEvent = {
  readonly key: Key;
} /** `changes`: how many calls are in it; `pending`: the store has only queued it. */ & (
  | {
      readonly type: 'memory-saved';
      readonly bytes: number;
      readonly changes: number;
      readonly pending?: true;
    }
  | { readonly type: 'memory-cleared' }
  /** Somebody else changed it first; the change is made again on the new state. */
  | { readonly type: 'write-conflicted'; readonly attempt: number }
  /** A write was not answered; it is repeated with the same operation id. */
  | { readonly type: 'answer-lost'; readonly attempt: number }
  /** One of several updates in a queued write could not be made anew on what others stored; it is left out. */
  | { readonly type: 'update-dropped'; readonly error: unknown }
  | { readonly type: 'hook-failed'; readonly error: unknown }
);

/** A listener that cannot fail its caller. */
export function quiet(onEvent: ((event: MemoryEvent) => void) | undefined): (event: MemoryEvent) => void {
  return (event) => {
    try {
      onEvent?.(event);
    } catch {
      // There is nobody left to tell: this is the channel on which failures are reported.
    }
  };
}
