import type { TestClock } from '../test-clock.js';

// Taken at load, so that a test runner's fake timers do not stop the kit.
const startTimer = setTimeout;
const stopTimer = clearTimeout;

const patienceMs = 2000;

/** The promise; rejects where it has not settled after two seconds of real time, saying what did not happen. */
export async function within<T>(work: Promise<T>, what: string): Promise<T> {
  const { promise: tooLate, reject } = Promise.withResolvers<never>();
  const timer = startTimer(() => reject(new Error(`waited in vain: ${what}`)), patienceMs);
  try {
    return await Promise.race([work, tooLate]);
  } finally {
    stopTimer(timer);
  }
}

/**
 * Moves the clock on, a little at a time, until the condition holds. A plugin that asks a server over the loopback
 * interface gets real time, too: a millisecond per round after the first ones.
 */
export async function until(clock: TestClock, condition: () => boolean, what: string): Promise<void> {
  const giveUpAt = Date.now() + patienceMs / 2;
  for (let round = 0; !condition(); round++) {
    if (round >= 20 && Date.now() > giveUpAt) throw new Error(`waited in vain: ${what}`);
    await clock.advance(100);
    if (round >= 20) await new Promise((resolve) => startTimer(resolve, 1));
  }
}
