import {
  type Change,
  type ChangeFeed,
  checkPrefix,
  encodeKey,
  hasPrefix,
  type Key,
  StoreClosedError,
  StoreUnavailableError,
} from '@loci/core';
import type { Link } from './link.js';

interface Watcher {
  readonly prefix: Key;
  /** By target and key, so that many changes of one record are one hint. */
  readonly waiting: Map<string, Change>;
  wake: () => void;
  /** The server is back, or the watching is over. */
  again: () => void;
}

/** What happens here and not, or not yet, on the server. */
export interface LocalFeed {
  changed(target: 'document' | 'log', key: Key): void;
  /** The server is back: whatever was announced there meanwhile was not heard. */
  resync(): void;
}

export interface Watchers extends LocalFeed {
  watch(feed: ChangeFeed, link: Link): ChangeFeed;
  close(): void;
}

/** Changes that are queued here, and those that the server announces. */
export function createWatchers(): Watchers {
  const watchers = new Set<Watcher>();
  const closing = new AbortController();

  function announce(watcher: Watcher, change: Change): void {
    if (change.type === 'resync') watcher.waiting.clear();
    watcher.waiting.set(change.type === 'resync' ? '' : `${change.target} ${encodeKey(change.key)}`, change);
    watcher.wake();
  }

  async function* follow(
    feed: ChangeFeed,
    link: Link,
    prefix: Key,
    end: AbortSignal,
  ): AsyncGenerator<Change, void, undefined> {
    if (end.aborted) return;
    const stop = new AbortController();
    const inner = AbortSignal.any([end, stop.signal]);
    const watcher: Watcher = { prefix, waiting: new Map(), wake: () => {}, again: () => {} };
    const onEnd = () => {
      watcher.wake();
      watcher.again();
    };
    let failed: { readonly error: unknown } | undefined;
    watchers.add(watcher);
    end.addEventListener('abort', onEnd);
    // The server's feed says it when it is subscribed; until the server is there, this is all there is to read.
    if (link.away) announce(watcher, { type: 'resync' });
    const listen = async (): Promise<void> => {
      for await (const change of feed.watch(prefix, { signal: inner })) {
        if (change.type === 'resync' && link.away) void link.probe();
        announce(watcher, change);
      }
    };
    void (async () => {
      while (!inner.aborted && !failed) {
        try {
          await listen();
          return;
        } catch (error) {
          if (StoreUnavailableError.isInstance(error) && link.away)
            await new Promise<void>((resolve) => {
              watcher.again = resolve;
            });
          else failed = { error };
          watcher.wake();
        }
      }
    })();
    try {
      while (!end.aborted) {
        const [next] = watcher.waiting;
        if (next) {
          watcher.waiting.delete(next[0]);
          yield next[1];
        } else if (failed) throw failed.error;
        else
          await new Promise<void>((resolve) => {
            watcher.wake = resolve;
          });
      }
    } finally {
      stop.abort();
      watcher.again();
      watchers.delete(watcher);
      end.removeEventListener('abort', onEnd);
    }
  }

  return {
    changed(target, key) {
      for (const watcher of watchers)
        if (hasPrefix(key, watcher.prefix)) announce(watcher, { type: 'changed', target, key: [...key] });
    },
    resync() {
      for (const watcher of watchers) {
        announce(watcher, { type: 'resync' });
        watcher.again();
      }
    },
    watch: (feed, link) =>
      Object.freeze<ChangeFeed>({
        watch(prefix, { signal }) {
          if (!signal.aborted && closing.signal.aborted) throw new StoreClosedError();
          checkPrefix(prefix);
          return follow(feed, link, [...prefix], AbortSignal.any([signal, closing.signal]));
        },
      }),
    close: () => closing.abort(),
  };
}
