import { type Change, type ChangeFeed, checkPrefix, InvalidInputError, type Key } from '@loci/core';
import type { Backend } from './backend.js';
import type { Settings } from './check-options.js';
import type { Connection } from './connection.js';
import { createSubscription } from './subscription.js';
import { createWatchers } from './watchers.js';

/** Follows the messages that writes send in the transaction of the write. */
export function createFeed(connection: Connection, backend: Backend, settings: Settings): ChangeFeed {
  const watchers = createWatchers();
  const subscription = createSubscription(backend, watchers, connection.closing, settings);

  function watch(prefix: Key, options: { readonly signal: AbortSignal }): AsyncIterable<Change> {
    const signal: unknown = options?.signal;
    if (!(signal instanceof AbortSignal))
      throw new InvalidInputError('options.signal', 'is not an AbortSignal');
    if (!signal.aborted) connection.admit(undefined);
    checkPrefix(prefix);
    return follow([...prefix], AbortSignal.any([signal, connection.closing]));
  }

  async function* follow(prefix: Key, end: AbortSignal): AsyncGenerator<Change, void, undefined> {
    if (end.aborted) return;
    const watcher = watchers.add(prefix);
    const onAbort = () => watcher.wake();
    end.addEventListener('abort', onAbort);
    try {
      subscription.update();
      if (subscription.live) watchers.resync(watcher);
      while (!end.aborted) {
        const [next] = watcher.waiting;
        if (next) {
          watcher.waiting.delete(next[0]);
          yield next[1];
        } else if (watcher.error) throw watcher.error.reason;
        else
          await new Promise<void>((resolve) => {
            watcher.wake = resolve;
          });
      }
    } finally {
      watchers.delete(watcher);
      end.removeEventListener('abort', onAbort);
      subscription.update();
    }
  }

  return Object.freeze<ChangeFeed>({ watch });
}
