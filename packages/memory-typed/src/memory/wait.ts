import type { Clock } from '@loci/core';

/** The promise, or a rejection with `signal.reason` as soon as the signal is aborted. */
export function abortable<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise;
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}

export async function wait(clock: Clock, ms: number, signal: AbortSignal | undefined): Promise<void> {
  let cancel = () => {};
  const waited = new Promise<void>((resolve) => {
    cancel = clock.after(ms, resolve);
  });
  await abortable(waited, signal).finally(() => cancel());
}

/**
 * Waits a random time before a change that lost against another is tried again: at most 24 ms, and less each time it
 * loses. With waits that grow, those that lost often hardly ever got their turn; and the fewest tries are lost where the
 * new ones stand back.
 */
export function standBack(clock: Clock, attempt: number, signal: AbortSignal | undefined): Promise<void> {
  return wait(clock, Math.random() * Math.max(2, 24 / attempt), signal);
}

/** Waits for a store that did not answer: a random time up to twice as long after each attempt, 200 ms at most. */
export function backOff(clock: Clock, attempt: number, signal: AbortSignal | undefined): Promise<void> {
  return wait(clock, Math.random() * Math.min(200, 2 ** attempt), signal);
}
