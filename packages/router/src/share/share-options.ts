import { type Clock, InvalidInputError, type Key, randomId, type Store, systemClock } from '@loci/core';
import type { SharedHealth } from '../health/health.js';
import { checkMs, checkOption } from '../statistics/check-option.js';
import type { Statistics } from '../statistics/statistics.js';

/** What of a router is shared. */
export interface Shareable {
  readonly statistics: Statistics;
  readonly health: SharedHealth;
}

export interface ShareOptions {
  /** Where the processes meet. It stays open when the sharing is closed. */
  readonly store: Store;
  /** Under it each process writes a document of its own. Equal for all processes that share. */
  readonly key: Key;
  /** Milliseconds between two looks at what the others wrote. @default 2_000 */
  readonly intervalMs?: number;
  /** For one exchange with the store, after which it counts as away. @default 5_000 */
  readonly timeoutMs?: number;
  /** The longest pause before a store that is away is asked again. @default 30_000 */
  readonly maxPauseMs?: number;
  /** A document that nobody renews is deleted by the store after so many milliseconds. @default 30 days */
  readonly keepMs?: number;
  /** What it throws is ignored. */
  readonly onEvent?: (event: ShareEvent) => void;
  /** The clocks of all processes should agree within a second. @default systemClock */
  readonly clock?: Clock;
  /** Must never answer the same twice, in no process. @default randomId of `@loci/core` */
  readonly randomId?: () => string;
}

export type ShareEvent =
  /** An exchange, or following the changes, failed; the router goes on with what it knows. */
  | { readonly type: 'share-failed'; readonly error: unknown; readonly failures: number }
  /** The first exchange that succeeded after one that failed. */
  | { readonly type: 'share-restored' }
  /** What another process wrote is not understood here; it is left out. */
  | { readonly type: 'share-unreadable'; readonly key: Key; readonly error: unknown };

export interface ShareSettings extends Required<Omit<ShareOptions, 'onEvent'>> {
  /** Never throws. */
  readonly tell: (event: ShareEvent) => void;
}

const day = 86_400_000;

export function checkShareOptions(options: ShareOptions): ShareSettings {
  const { store, key, intervalMs = 2000, timeoutMs = 5000, maxPauseMs = 30_000, keepMs = 30 * day } = options;
  const { onEvent, clock = systemClock, randomId: newId = randomId } = options;
  checkOption(typeof store?.documents?.list === 'function', 'store', 'is not a store');
  checkOption(Array.isArray(key), 'key', 'is not a key');
  checkMs(intervalMs, 'intervalMs');
  checkMs(timeoutMs, 'timeoutMs');
  checkMs(maxPauseMs, 'maxPauseMs');
  if (!(keepMs > 0 && keepMs < Number.POSITIVE_INFINITY))
    throw new InvalidInputError('options.keepMs', 'is not a number of milliseconds above 0');
  const tell = (event: ShareEvent) => {
    try {
      onEvent?.(event);
    } catch {
      // There is nobody left to tell.
    }
  };
  return { store, key, intervalMs, timeoutMs, maxPauseMs, keepMs, clock, randomId: newId, tell };
}
