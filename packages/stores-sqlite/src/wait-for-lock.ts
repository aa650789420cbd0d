import { type Clock, StoreUnavailableError } from '@loci/core';
import { isLocked } from './sqlite-error.js';

export interface LockWait {
  readonly clock: Clock;
  /** Epoch milliseconds at which the caller began to wait. */
  readonly since: number;
  readonly limitMs: number;
  /** Each ends the waiting with its reason; looked at before every attempt. */
  readonly signals: readonly AbortSignal[];
}

const longestPauseMs = 50;

/** Runs `attempt` again and again while another connection's lock is in its way, at most for `limitMs`. */
export async function waitForLock<T>(attempt: () => T, wait: LockWait): Promise<T> {
  for (let failures = 0; ; failures++) {
    for (const signal of wait.signals) signal.throwIfAborted();
    try {
      return attempt();
    } catch (error) {
      if (!isLocked(error)) throw error;
      const left = wait.since + wait.limitMs - wait.clock.now();
      if (left <= 0) {
        throw new StoreUnavailableError(
          `its file was locked by another process for ${wait.limitMs} ms`,
          error,
        );
      }
      await pause(Math.min(left, toPauseMs(failures)), wait);
    }
  }
}

/** 1, 2, 4 … 50 ms, spread, so that processes that failed together do not meet again. */
function toPauseMs(failures: number): number {
  return Math.min(longestPauseMs, 2 ** Math.min(failures, 10)) * (0.5 + Math.random());
}

function pause(ms: number, { clock, signals }: LockWait): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      cancel();
      for (const signal of signals) signal.removeEventListener('abort', abort);
    };
    const abort = () => {
      stop();
      reject(signals.find((signal) => signal.aborted)?.reason);
    };
    const cancel = clock.after(ms, () => {
      stop();
      resolve();
    });
    for (const signal of signals) signal.addEventListener('abort', abort);
  });
}
