import type { Clock } from '@loci/core';

export interface RetryBudgetOptions {
  /** Retries allowed per request, over all requests. @default 0.1 */
  readonly ratio?: number;
  /** Retries that are allowed however few the requests were; regained at this many per ten seconds. @default 10 */
  readonly floor?: number;
}

/** Bounds the retries and hedges of all requests together, so that a failing vendor is not asked many times over. */
export interface RetryBudget {
  /** A request came: part of a retry is earned. */
  earn(): void;
  /** Takes one retry; false where none is left. */
  spend(): boolean;
}

const refillMs = 10_000;
/** Retries that can be saved up, in floors. */
const most = 10;

/** A token bucket, filled by requests and, up to the floor, by time. */
export function createRetryBudget(
  { ratio = 0.1, floor = 10 }: RetryBudgetOptions,
  clock: Clock,
): RetryBudget {
  let tokens = floor;
  let filledAt = clock.now();
  return {
    earn() {
      tokens = Math.min(tokens + ratio, Math.max(floor * most, 1));
    },
    spend() {
      const now = clock.now();
      if (tokens < floor) tokens = Math.min(floor, tokens + (floor * (now - filledAt)) / refillMs);
      filledAt = now;
      // Tenths do not add up exactly.
      if (tokens < 1 - 1e-9) return false;
      tokens -= 1;
      return true;
    },
  };
}
