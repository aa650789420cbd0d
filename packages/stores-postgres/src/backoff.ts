import type { Settings } from './check-options.js';

/** Pauses between attempts to connect: doubled each time, up to a limit, and spread, so that processes do not meet. */
export interface Backoff {
  /** Notes a failure, and answers how long to wait. */
  failed(): number;
  succeeded(): void;
}

export function createBackoff(settings: Pick<Settings, 'reconnectDelayMs' | 'maxReconnectDelayMs'>): Backoff {
  const { reconnectDelayMs, maxReconnectDelayMs } = settings;
  let failures = 0;
  return {
    failed() {
      const pause = Math.min(maxReconnectDelayMs, reconnectDelayMs * 2 ** Math.min(failures, 30));
      failures++;
      return pause * (0.5 + Math.random() / 2);
    },
    succeeded() {
      failures = 0;
    },
  };
}
