import { type Key, type Store, StoreUnavailableError } from '@loci/core';
import type { Settings } from './options.js';
import { within } from './within.js';

/** Whether the server answers, as far as it is known here. */
export interface Link {
  readonly away: boolean;
  /**
   * Asks the server; rejects at once while it is away. `StoreUnavailableError`, also for an answer that is not there
   * after `ms`, means that it is; any other error is an answer.
   */
  ask<T>(
    key: Key,
    ms: number,
    signal: AbortSignal | undefined,
    run: (signal: AbortSignal) => Promise<T>,
  ): Promise<T>;
  /** While it is away: looks now whether it is back, and resolves when that is known. */
  probe(): Promise<void>;
  close(): void;
}

export function createLink(store: Store, settings: Settings, onReturn: () => void): Link {
  const { clock, deadlineMs, probeDelayMs, maxProbeDelayMs, onEvent } = settings;
  const closing = new AbortController();
  let lastKey: Key = ['offline'];
  let leftAt: number | undefined;
  let failures = 0;
  let cancel: (() => void) | undefined;
  let probing: Promise<void> | undefined;

  const late = () => new StoreUnavailableError('the server did not answer in time');

  function leave(key: Key, error: unknown): void {
    lastKey = key.length === 0 ? lastKey : key;
    if (leftAt !== undefined || closing.signal.aborted) return;
    leftAt = clock.now();
    onEvent({ type: 'server-left', error });
    schedule();
  }

  function schedule(): void {
    cancel?.();
    if (closing.signal.aborted) return;
    const longest = Math.min(maxProbeDelayMs, probeDelayMs * 2 ** Math.min(failures++, 30));
    // Spread, so that the processes of one server do not all come back at once.
    cancel = clock.after(longest * (0.5 + Math.random() / 2), () => void probe());
  }

  function probe(): Promise<void> {
    probing ??= look().finally(() => {
      probing = undefined;
    });
    return probing;
  }

  async function look(): Promise<void> {
    if (leftAt === undefined) return;
    cancel?.();
    try {
      // The key of the call that failed: nothing is asked for that was not asked for before.
      await within(
        clock,
        deadlineMs,
        closing.signal,
        (signal) => store.documents.get(lastKey, { signal }),
        late,
      );
    } catch (error) {
      if (closing.signal.aborted) return;
      if (StoreUnavailableError.isInstance(error)) return schedule();
    }
    const awayMs = clock.now() - leftAt;
    leftAt = undefined;
    onEvent({ type: 'server-returned', awayMs });
    onReturn();
  }

  return {
    get away() {
      return leftAt !== undefined;
    },
    async ask(key, ms, signal, run) {
      if (leftAt !== undefined) throw new StoreUnavailableError('its server is away');
      // The journal took it all, which says nothing about the server.
      if (ms <= 0) throw new StoreUnavailableError('the deadline of the call has passed');
      try {
        const answer = await within(clock, ms, signal, run, late);
        failures = 0;
        return answer;
      } catch (error) {
        if (StoreUnavailableError.isInstance(error)) leave(key, error);
        throw error;
      }
    },
    probe,
    close() {
      cancel?.();
      closing.abort(new StoreUnavailableError('the store is closed'));
    },
  };
}
