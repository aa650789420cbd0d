import type { Key, Store } from '@loci/core';
import type { Delivered } from '../events.js';
import type { Settings } from '../options.js';
import type { Session } from '../session.js';

/** What the delivery of one write has in hand. */
export interface Context {
  readonly store: Store;
  readonly settings: Settings;
  readonly session: Session;
  /** Asks the server; `StoreUnavailableError` ends the delivery until it is back. */
  ask<T>(key: Key, run: (signal: AbortSignal) => Promise<T>): Promise<T>;
}

/** The server has taken over. What is left to do here is done in the lock, with the write gone from the queue. */
export interface Done {
  readonly outcome: Delivered;
  readonly note: () => Promise<void> | void;
}
