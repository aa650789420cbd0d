import type { LociError } from '@loci/core';

/** What happened behind the calls. No event carries keys, values or addresses. */
export type PostgresStoreEvent =
  /** The feed has no connection, or lost it. It connects again by itself. */
  | { readonly type: 'feed-lost'; readonly error: LociError }
  /** The feed has a connection; watchers are told to read again. */
  | { readonly type: 'feed-connected' }
  /** Expired records could not be removed. They stay hidden, and the next sweep begins again. */
  | { readonly type: 'sweep-failed'; readonly error: LociError };

/** Called as things happen. What it throws is ignored. */
export type OnPostgresEvent = (event: PostgresStoreEvent) => void;
