import { StoreUnavailableError } from '@loci/core';
import type { Backend } from './backend.js';
import { createBackoff } from './backoff.js';
import type { Settings } from './check-options.js';
import { pause } from './pause.js';
import { isRefused, toStoreError } from './postgres-error.js';
import type { Watchers } from './watchers.js';

/** The one connection for all feeds of a store: there while somebody watches, and made again whenever it is lost. */
export interface Subscription {
  /** Whether changes are arriving now. */
  readonly live: boolean;
  /** Begins where it has not begun; to be called when a watcher has come or gone. */
  update(): void;
}

export function createSubscription(
  backend: Backend,
  watchers: Watchers,
  closing: AbortSignal,
  settings: Settings,
): Subscription {
  const { clock, commandTimeoutMs, names, onEvent } = settings;
  let live = false;
  let running = false;
  let idle = new AbortController();

  async function run(): Promise<void> {
    const backoff = createBackoff(settings);
    while (watchers.size > 0 && !closing.aborted) {
      const end = AbortSignal.any([idle.signal, closing]);
      let reason: unknown;
      try {
        const { lost } = await listen(end);
        backoff.succeeded();
        live = true;
        watchers.resync();
        onEvent({ type: 'feed-connected' });
        reason = await lost;
      } catch (error) {
        reason = error;
        // Only somebody who changes the settings can help; anything else is over when the server is back.
        if (isRefused(error)) watchers.fail(toStoreError(error, []));
      }
      live = false;
      if (end.aborted) continue;
      onEvent({ type: 'feed-lost', error: toStoreError(reason, []) });
      await pause(backoff.failed(), clock, end);
    }
    running = false;
  }

  async function listen(end: AbortSignal): Promise<{ readonly lost: Promise<unknown> }> {
    const limit = new AbortController();
    const tooLate = new StoreUnavailableError(`PostgreSQL did not answer within ${commandTimeoutMs} ms`);
    const cancel = clock.after(commandTimeoutMs, () => limit.abort(tooLate));
    try {
      return await backend.listen({
        channel: names.channel,
        prepare: [
          // Held while this connection lives: from now on every write sees that somebody listens.
          `select pg_advisory_lock_shared(${names.locks.listeners})`,
          // Waits for the writes that began before, and frees the lock at once: what they did not announce is stored by then.
          `select pg_advisory_xact_lock(${names.locks.writers})`,
        ],
        onMessage: (member) => (member === '' ? watchers.resync() : watchers.changed(member)),
        end: AbortSignal.any([end, limit.signal]),
      });
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
