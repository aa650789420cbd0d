import { type Change, decodeKey, encodeKey, type Key } from '@loci/core';

/** With more keys waiting than this, a watcher is told to read everything again. */
const mostWaiting = 10_000;

/** The first letter of a message says what changed, the rest is the encoded key. */
const targets = new Map([
  ['d', 'document'],
  ['l', 'log'],
] as const);

interface Watcher {
  readonly prefix: string;
  /** By member, so that many changes of one record are one hint. */
  readonly waiting: Map<string, Change>;
  error: { readonly reason: unknown } | undefined;
  wake(): void;
}

/** Those who watch the feed in this process. */
export interface Watchers {
  readonly size: number;
  add(prefix: Key): Watcher;
  delete(watcher: Watcher): void;
  /** Tells everybody, or one, to read again. */
  resync(watcher?: Watcher): void;
  /** Tells those under whose prefix the record lies; a message that is not ours is left alone. */
  changed(member: string): void;
  fail(reason: unknown): void;
}

export function createWatchers(): Watchers {
  const watchers = new Set<Watcher>();

  function resync(watcher: Watcher): void {
    // Whatever waits is read again anyway.
    watcher.waiting.clear();
    watcher.waiting.set('', { type: 'resync' });
    watcher.wake();
  }

  function announce(watcher: Watcher, member: string, change: Change): void {
    watcher.waiting.set(member, change);
    if (watcher.waiting.size > mostWaiting) resync(watcher);
    watcher.wake();
  }

  return {
    get size() {
      return watchers.size;
    },
    add(prefix) {
      const watcher: Watcher = {
        prefix: encodeKey(prefix),
        waiting: new Map(),
        error: undefined,
        wake: () => {},
      };
      watchers.add(watcher);
      return watcher;
    },
    delete: (watcher) => void watchers.delete(watcher),
    resync(watcher) {
      for (const one of watcher ? [watcher] : watchers) resync(one);
    },
    changed(member) {
      const target = targets.get(member.slice(0, 1) as 'd' | 'l');
      const encoded = member.slice(1);
      const key = toKey(encoded);
      if (!target || !key?.length) return;
      for (const watcher of watchers) {
        if (encoded.startsWith(watcher.prefix))
          announce(watcher, member, { type: 'changed', target, key: [...key] });
      }
    },
    fail(reason) {
      for (const watcher of watchers) {
        watcher.error = { reason };
        watcher.wake();
      }
    },
  };
}

function toKey(encoded: string): Key | undefined {
  try {
    return decodeKey(encoded);
  } catch {
    // Somebody else's message on our channel.
    return undefined;
  }
}
