import { type Clock, StoreUnavailableError } from '@loci/core';
import { createBackoff } from './backoff.js';
import type { Settings } from './check-options.js';
import type { SubscribingClient } from './client.js';
import type { Dialer, Line } from './dial.js';
import { isRefused, toStoreError } from './redis-error.js';
import type { Watchers } from './watchers.js';

/** The one connection for all feeds of a store: there while somebody watches, and made again whenever it is lost. */
export interface Subscription {
  /** Whether changes are arriving now. */
  readonly live: boolean;
  /** Begins where it has not begun; to be called when a watcher has come or gone. */
  update(): void;
}

export function createSubscription(
  dialer: Dialer,
  watchers: Watchers,
  closing: AbortSignal,
  settings: Settings,
): Subscription {
  const { clock } = settings;
  let live = false;
  let running = false;
  let idle = new AbortController();

  async function run(): Promise<void> {
    const backoff = createBackoff(settings);
    while (watchers.size > 0 && !closing.aborted) {
      const end = AbortSignal.any([idle.signal, closing]);
      try {
        const line = await subscribe(end);
        backoff.succeeded();
        live = true;
        watchers.resync();
        await line.lost;
      } catch (error) {
        // Only somebody who changes the settings can help; anything else is over when the server is back.
        if (isRefused(error)) watchers.fail(toStoreError(error, []));
      }
      live = false;
      if (!end.aborted) await pause(backoff.failed(), clock, end);
    }
    running = false;
  }

  async function subscribe(end: AbortSignal): Promise<Line<SubscribingClient>> {
    const limit = new AbortController();
    const tooLate = new StoreUnavailableError(`Redis did not answer within ${settings.commandTimeoutMs} ms`);
    const cancel = clock.after(settings.commandTimeoutMs, () => limit.abort(tooLate));
    try {
      const line = await dialer.subscription(AbortSignal.any([end, limit.signal]));
      const { channel } = settings.names;
      const gone = line.lost.then((reason) => Promise.reject(reason));
      await Promise.race([line.client.subscribe(channel, (member) => watchers.changed(member)), gone]);
      return line;
    } catch (error) {
      // A connection that may not subscribe is of no use.
      limit.abort(error);
      throw error;
    } finally {
      cancel();
    }
  }

  return {
    get live() {
      return live;
    },
    update() {
      if (watchers.size === 0) {
        idle.abort();
        idle = new AbortController();
      } else if (!running) {
        running = true;
        void run();
      }
    },
  };
}

function pause(ms: number, clock: Clock, end: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const stop = () => {
      cancel();
      end.removeEventListener('abort', stop);
      resolve();
    };
    const cancel = clock.after(ms, stop);
    end.addEventListener('abort', stop);
  });
}
