import type { Clock } from '@loci/core';

/** Leaves a summariser alone that failed several times in a row. */
export interface Breaker {
  /** Epoch milliseconds until which nobody asks; undefined where one may. */
  openUntil(): number | undefined;
  succeeded(): void;
  /** `retryAfterMs`: what the vendor asked for. */
  failed(retryAfterMs: number | undefined): void;
}

export function createBreaker(
  { failures, cooldownMs }: { readonly failures: number; readonly cooldownMs: number },
  clock: Clock,
  changed: (openUntil: number | undefined) => void,
): Breaker {
  let inRow = 0;
  let until = 0;
  return {
    openUntil: () => (clock.now() < until ? until : undefined),
    succeeded() {
      if (inRow >= failures) changed(undefined);
      inRow = 0;
      until = 0;
    },
    failed(retryAfterMs = 0) {
      inRow++;
      const pause = Math.max(retryAfterMs, inRow >= failures ? cooldownMs : 0);
      if (pause === 0) return;
      until = clock.now() + pause;
      changed(until);
    },
  };
}
