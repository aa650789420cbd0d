import { StoreUnavailableError } from '@loci/core';
import type { Backend } from './backend.js';
import { createBackoff } from './backoff.js';
import type { Settings } from './check-options.js';
import { type Names, quoteLiteral } from './names.js';
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
  const { clock, commandTimeoutMs, waitMs, names, onEvent } = settings;
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
          `select set_config('statement_timeout', '${waitMs}', false)`,
          waitForWriters(names),
        ],
        onMessage(member) {
          // What comes before the first `resync` is read again after it.
          if (!live) return;
          if (member === '') watchers.resync();
          else watchers.changed(member);
        },
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

/**
 * Waits for the writes that began before this connection listened: what they did not announce is stored by then. It looks
 * who they are instead of asking for their lock, because whoever comes after a waiting request has to wait too.
 */
function waitForWriters({ locks }: Names): string {
  const writers = `select virtualtransaction from pg_locks where locktype = 'advisory' and objsubid = 1 and granted
    and database = (select oid from pg_database where datname = current_database())
    and (classid::bigint << 32 | objid::bigint) = ${locks.writers}`;
  const source = `declare earlier text[] := array(${writers});
    begin
      while exists (${writers} and virtualtransaction = any (earlier)) loop perform pg_sleep(0.002); end loop;
    end`;
  return `do ${quoteLiteral(source)}`;
}
