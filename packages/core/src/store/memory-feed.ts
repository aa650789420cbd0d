import { hasPrefix } from './key.js';
import type { Change, Key } from './store.js';

interface Watcher {
  readonly prefix: Key;
  /** By target and key, so that many changes of one record are one hint. */
  readonly waiting: Map<string, Change>;
  wake: () => void;
}

/** Change hints inside one process. */
export function createMemoryFeed() {
  const watchers = new Set<Watcher>();
  let closed = false;

  async function* watch(prefix: Key, signal: AbortSignal): AsyncGenerator<Change, void, undefined> {
    const watcher: Watcher = { prefix: [...prefix], waiting: new Map(), wake: () => {} };
    const onAbort = () => watcher.wake();
    watchers.add(watcher);
    signal.addEventListener('abort', onAbort);
    try {
      if (signal.aborted) return;
      yield { type: 'resync' };
      while (!signal.aborted && !closed) {
        const [next] = watcher.waiting;
        if (next) {
          watcher.waiting.delete(next[0]);
          yield next[1];
        } else {
          await new Promise<void>((resolve) => {
            watcher.wake = resolve;
          });
        }
      }
    } finally {
      watchers.delete(watcher);
      signal.removeEventListener('abort', onAbort);
    }
  }

  return {
    watch,
    publish(target: 'document' | 'log', key: Key) {
      for (const watcher of watchers) {
        if (!hasPrefix(key, watcher.prefix)) continue;
        watcher.waiting.set(`${target} ${key.join('\0')}`, { type: 'changed', target, key: [...key] });
        watcher.wake();
      }
    },
    close() {
      closed = true;
      for (const watcher of watchers) watcher.wake();
    },
  };
}
