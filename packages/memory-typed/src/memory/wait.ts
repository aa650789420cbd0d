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

/** Waits a random time up to twice as long after each attempt, 200 ms at most, so that writers do not keep step. */
export function backOff(clock: Clock, attempt: number, signal: AbortSignal | undefined): Promise<void> {
  return wait(clock, Math.random() * Math.min(200, 2 ** attempt), signal);
}
