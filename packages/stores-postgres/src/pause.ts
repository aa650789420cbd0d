import type { Clock } from '@loci/core';

/** Waits, or ends at once when `end` is aborted. */
export function pause(ms: number, clock: Clock, end: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const stop = () => {
      cancel();
      end.removeEventListener('abort', stop);
      resolve();
    };
    const cancel = clock.after(ms, stop);
    if (end.aborted) stop();
    else end.addEventListener('abort', stop);
  });
}
