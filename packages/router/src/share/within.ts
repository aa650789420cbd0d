import type { Clock } from '@loci/core';

/**
 * The answer of `run`; rejects with `late()` after so many milliseconds and with `signal.reason` when that is aborted,
 * and then aborts the signal that `run` was given.
 */
export function within<T>(
  clock: Clock,
  ms: number,
  signal: AbortSignal | undefined,
  run: (signal: AbortSignal) => Promise<T>,
  late: () => Error,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = new AbortController();
    const end = (error: unknown) => {
      clear();
      reject(error);
      stop.abort(error);
    };
    const onAbort = () => end(signal?.reason);
    const cancel = clock.after(ms, () => end(late()));
    const clear = () => {
      cancel();
      signal?.removeEventListener('abort', onAbort);
    };
    signal?.addEventListener('abort', onAbort);
    if (signal?.aborted) return onAbort();
    run(stop.signal).then(resolve, reject).finally(clear);
  });
}
