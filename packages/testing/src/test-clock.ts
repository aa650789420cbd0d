import type { Clock } from '@loci/core';

/** A clock that stands still until the test moves it. */
export interface TestClock extends Clock {
  /**
   * Moves time on by `ms` and runs what falls due, in order, each at its own moment. Promises and loopback I/O that
   * are ready get their turn before the first timer, between timers and after the last. Rejects with what a timer throws.
   */
  advance(ms: number): Promise<void>;
  /** When the timers that wait fall due, in epoch milliseconds, soonest first. */
  pending(): readonly number[];
}

interface Timer {
  readonly at: number;
  readonly run: () => void;
}

// Taken at load, so that a test runner's fake timers do not stop the clock.
const nextMacrotask = setImmediate;

/**
 * A `Clock` for tests: `after` fires only in `advance`.
 *
 * @param start Epoch milliseconds. @default 2026-01-01T00:00:00Z
 * @example
 * const clock = createTestClock();
 * clock.after(1000, () => console.log('a second later'));
 * await clock.advance(1000);
 */
export function createTestClock(start: number = Date.UTC(2026, 0, 1)): TestClock {
  let now = start;
  const timers = new Set<Timer>();
  // Sets keep the order of insertion and sorting is stable: equal moments run in the order they were asked for.
  const inOrder = () => [...timers].sort((a, b) => a.at - b.at);

  return Object.freeze({
    now: () => now,
    after(ms: number, run: () => void) {
      const timer = { at: now + Math.max(0, ms), run };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    async advance(ms: number) {
      const target = now + ms;
      await settle();
      for (let next = inOrder()[0]; next && next.at <= target; next = inOrder()[0]) {
        timers.delete(next);
        now = next.at;
        next.run();
        await settle();
      }
      now = target;
      await settle();
    },
    pending: () => inOrder().map((timer) => timer.at),
  });
}

function settle(): Promise<void> {
  return new Promise((resolve) => nextMacrotask(resolve));
}
