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

/** Waits a random time up to twice as long after each attempt, 200 ms at most, so that writers do not keep step. */
export async function backOff(clock: Clock, attempt: number, signal: AbortSignal | undefined): Promise<void> {
  let cancel = () => {};
  const limitMs = Math.min(200, 2 ** attempt);
  const waited = new Promise<void>((resolve) => {
    cancel = clock.after(Math.random() * limitMs, resolve);
  });
  await abortable(waited, signal).finally(() => cancel());
}
