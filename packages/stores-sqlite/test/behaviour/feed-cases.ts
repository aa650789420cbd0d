import type { Change, ChangeFeed, Store } from '@loci/core';
import { expect } from 'vitest';
import type { StoreCase } from '../store-behaviour.js';
import { conflictOf, entries, put } from './tools.js';

function feedOf(store: Store): ChangeFeed {
  if (!store.feed) throw new Error(`there is no feed, but supports says “${store.supports.feed}”`);
  return store.feed;
}

/** Follows a feed; `seen` grows while the test goes on. */
export function follow(feed: ChangeFeed, prefix: readonly string[], signal: AbortSignal) {
  const seen: Change[] = [];
  const done = (async () => {
    for await (const change of feed.watch(prefix, { signal })) seen.push(change);
  })();
  return { seen, done };
}

export function feedCases(storeCase: StoreCase): void {
  storeCase('says resync first, then what changed under the prefix', async (store, clock) => {
    await put(store, ['a', 'before'], 1, 'op');
    const stop = new AbortController();
    const { seen, done } = follow(feedOf(store), ['a'], stop.signal);
    await clock.advance(1000);
    expect(seen).toEqual([{ type: 'resync' }]);
    await put(store, ['a', 'x'], 1, 'op');
    await put(store, ['ab'], 1, 'op');
    await store.logs.append(['a'], entries(1, 1));
    await clock.advance(1000);
    expect(seen.slice(1)).toEqual([
      { type: 'changed', target: 'document', key: ['a', 'x'] },
      { type: 'changed', target: 'log', key: ['a'] },
    ]);
    stop.abort();
    await done;
  });

  storeCase(
    'announces rewrites and deletions, and nothing where nothing was written',
    async (store, clock) => {
      await store.logs.append(['l'], entries(1, 1));
      await put(store, ['d'], 1, 'op');
      const stop = new AbortController();
      const { seen, done } = follow(feedOf(store), [], stop.signal);
      await clock.advance(1000);
      await store.logs.append(['l'], entries(1, 1));
      await put(store, ['d'], 1, 'op');
      await conflictOf(store.documents.put(['d'], 2, { expect: 'absent', operationId: 'op-2' }));
      await store.logs.rewrite(['l'], [{ id: 'e1', revision: 7, body: 0 }]);
      await store.logs.delete(['missing']);
      await clock.advance(1000);
      expect(seen).toEqual([{ type: 'resync' }]);
      const steps: readonly (() => Promise<unknown>)[] = [
        () => store.logs.rewrite(['l'], [{ id: 'e1', revision: 0, body: 0 }]),
        () => store.documents.delete(['d'], { expect: 'any' }),
        () => store.logs.delete(['l']),
      ];
      for (const [index, step] of steps.entries()) {
        await step();
        await clock.advance(1000);
        expect(seen).toHaveLength(index + 2);
      }
      stop.abort();
      await done;
    },
  );

  storeCase('may coalesce, but never loses the last change', async (store, clock) => {
    const stop = new AbortController();
    const { seen, done } = follow(feedOf(store), [], stop.signal);
    await clock.advance(1000);
    for (let count = 0; count < 50; count++) await put(store, ['k'], count, `op-${count}`);
    await clock.advance(1000);
    expect(seen.length).toBeGreaterThan(1);
    expect(seen.at(-1)).toEqual({ type: 'changed', target: 'document', key: ['k'] });
    stop.abort();
    await done;
  });

  storeCase(
    'ends without an error when the signal is aborted, also before it began',
    async (store, clock) => {
      const stop = new AbortController();
      const { done } = follow(feedOf(store), [], stop.signal);
      await clock.advance(10);
      stop.abort(new Error('not to be seen'));
      await done;
      const late = follow(feedOf(store), [], stop.signal);
      await late.done;
      expect(late.seen).toEqual([]);
    },
  );

  storeCase('ends without an error when the store is closed', async (store, clock) => {
    const { done } = follow(feedOf(store), [], new AbortController().signal);
    await clock.advance(10);
    await store.close();
    await done;
  });
}
