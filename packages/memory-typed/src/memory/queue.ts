import { abortable } from './wait.js';

/** Runs one piece of work after the other, in the order in which they came. */
export interface Queue {
  /**
   * Rejects as soon as the signal is aborted; work that has not begun by then is left out. The next one waits for work
   * that has begun.
   */
  run<T>(work: () => Promise<T>, signal: AbortSignal | undefined): Promise<T>;
  /** Settles with the newest piece of work, never rejects; another promise after each `run`. */
  last(): Promise<unknown>;
}

export function createQueue(): Queue {
  let last: Promise<unknown> = Promise.resolve();
  return {
    run(work, signal) {
      const result = last.then(() => {
        signal?.throwIfAborted();
        return work();
      });
      last = result.catch(() => {});
      return abortable(result, signal);
    },
    last: () => last,
  };
}
