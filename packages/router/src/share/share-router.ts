import { StoreUnavailableError } from '@loci/core';
import { createExchange } from './exchange.js';
import { checkShareOptions, type Shareable, type ShareOptions } from './share-options.js';
import { within } from './within.js';

export interface RouterShare {
  /** Resolves after the first exchange with the store, whether it succeeded or not. Never rejects. */
  readonly loaded: Promise<void>;
  /**
   * Writes for the last time and ends the sharing; the router goes on alone. Resolves at the latest after `timeoutMs`,
   * whether that was written or not, and never rejects. @default timeoutMs 2_000
   */
  close(options?: { readonly timeoutMs?: number }): Promise<void>;
}

/**
 * Shares the statistics and the health of a router with other processes, and with itself after a restart. Requests
 * never wait for it: a process works with what it knows, and exchanges it with the others in the background.
 *
 * What one process learns of a model's health, the others know after at most `intervalMs`, one write and one read of
 * the store; statistics after two intervals. With a feed that pushes it is a quarter of the interval. While the store
 * is away nothing else changes: each process goes on alone, asks again after growing pauses, and catches up.
 *
 * Throws `InvalidInputError` for an option that cannot be used.
 *
 * @example
 * const share = shareRouter({ statistics, health }, { store, key: ['router'] });
 * await share.loaded; // where the statistics of before matter to the first request
 */
export function shareRouter(router: Shareable, options: ShareOptions): RouterShare {
  const settings = checkShareOptions(options);
  const { store, key, intervalMs, timeoutMs, maxPauseMs, clock, tell } = settings;
  const exchange = createExchange(router, settings);
  const closing = new AbortController();
  let cancel = () => {};
  let plannedAt = Number.POSITIVE_INFINITY;
  let endedAt = Number.NEGATIVE_INFINITY;
  let running: Promise<void> | undefined;
  let pause = intervalMs;
  let failures = 0;
  let following = false;

  const endWatching = [
    router.statistics.subscribe(exchange.touch),
    router.health.subscribe(() => {
      exchange.touch();
      soon(0);
    }),
  ];

  function start(): Promise<void> {
    cancel();
    plannedAt = Number.POSITIVE_INFINITY;
    running = run().finally(() => {
      running = undefined;
      endedAt = clock.now();
      if (closing.signal.aborted) return;
      plan(failures > 0 ? Math.min(intervalMs * 2 ** failures, maxPauseMs) : pause);
      pause = intervalMs;
    });
    return running;
  }

  async function run(): Promise<void> {
    try {
      await within(clock, timeoutMs, closing.signal, (signal) => exchange.run({ signal }), late);
      if (failures > 0) tell({ type: 'share-restored' });
      failures = 0;
      void follow();
    } catch (error) {
      if (closing.signal.aborted) return;
      failures += 1;
      tell({ type: 'share-failed', error, failures });
    }
  }

  function plan(ms: number): void {
    cancel();
    plannedAt = clock.now() + ms;
    cancel = clock.after(ms, () => void start());
  }

  /** An exchange out of turn, so long after the last one, unless the store is away. */
  function soon(pauseMs: number): void {
    if (running) pause = Math.min(pause, pauseMs);
    else if (failures === 0 && endedAt + pauseMs < plannedAt)
      plan(Math.max(0, endedAt + pauseMs - clock.now()));
  }

  async function follow(): Promise<void> {
    const { feed, supports } = store;
    if (!feed || supports.feed !== 'push' || following) return;
    following = true;
    try {
      for await (const change of feed.watch(key, { signal: closing.signal })) {
        const own = change.type === 'changed' && change.key.at(-1) === exchange.key().at(-1);
        // Every process writes in every interval; reading for each of them would be a storm.
        if (!own) soon(intervalMs / 4);
      }
    } catch (error) {
      if (!closing.signal.aborted) tell({ type: 'share-failed', error, failures });
    } finally {
      following = false;
    }
  }

  const loaded = start();

  async function close(ms: number): Promise<void> {
    cancel();
    for (const end of endWatching) end();
    closing.abort(new StoreUnavailableError('the sharing was closed'));
    try {
      await within(
        clock,
        ms,
        undefined,
        async (signal) => {
          await running;
          await exchange.end({ signal });
        },
        late,
      );
    } catch (error) {
      tell({ type: 'share-failed', error, failures: failures + 1 });
    }
  }

  let closed: Promise<void> | undefined;
  return Object.freeze<RouterShare>({
    loaded,
    close({ timeoutMs = 2000 } = {}) {
      closed ??= close(timeoutMs);
      return closed;
    },
  });
}

function late(): Error {
  return new StoreUnavailableError('it did not answer in time');
}
