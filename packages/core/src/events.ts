import type { Section } from './memory/memory.js';
import type { Key } from './store/store.js';

/** What happened inside. Events carry ids and counts, never prompts or user text. */
export type LociEvent = { readonly thread: Key; readonly turnId: string } & (
  | { readonly type: 'turn-saved' }
  | { readonly type: 'turn-failed'; readonly reason: string }
  /** The mark that ends a failed turn could not be written; nobody sees the turn, and a later request supersedes it. */
  | { readonly type: 'turn-close-failed'; readonly error: unknown }
  | {
      readonly type: 'memory-failed';
      readonly memory: string;
      readonly phase: 'prepare' | 'observe';
      readonly error: unknown;
    }
  /** The prompt did not fit: this many of the oldest messages were left out of this one request. */
  | { readonly type: 'history-trimmed'; readonly messages: number }
  /** Items that did not fit into their section's share of the budget. */
  | { readonly type: 'items-dropped'; readonly section: Section; readonly ids: readonly string[] }
  | { readonly type: 'thread-forked'; readonly from: Key }
);

/** Called as things happen. What it throws is ignored: watching a call must not be able to fail it. */
export type OnEvent = (event: LociEvent) => void;

/** A listener that cannot fail its caller. */
export function quiet(onEvent: OnEvent | undefined): OnEvent {
  return (event) => {
    try {
      onEvent?.(event);
    } catch {
      // There is nobody left to tell: this is the channel on which failures are reported.
    }
  };
}
