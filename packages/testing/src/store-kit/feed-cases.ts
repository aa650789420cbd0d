import { type Change, type ChangeFeed, type Key, type Store, scoped } from '@loci/core';
import { conflictOf, equal, holds } from '../kit/assertions.js';
import type { Case } from '../kit/suite.js';
import { until, within } from '../kit/waiting.js';
import type { TestClock } from '../test-clock.js';
import { alwaysCase, type StoreSubject, storeCase } from './store-case.js';
import { entries, put } from './tools.js';

interface Follower {
  /** Grows while the case goes on. */
  readonly seen: readonly Change[];
  /** Keys that changed, as `document ["a"]`. */
  changed(): string[];
  stop(reason?: unknown): void;
  readonly done: Promise<void>;
}

function follow(feed: ChangeFeed, prefix: Key): Follower {
  const controller = new AbortController();
  const seen: Change[] = [];
  const done = (async () => {
    for await (const change of feed.watch(prefix, { signal: controller.signal })) seen.push(change);
  })();
  // A feed that fails is noticed where `done` is awaited.
  done.catch(() => {});
  return {
    seen,
    done,
    changed: () =>
      seen.flatMap((change) =>
        change.type === 'changed' ? [`${change.target} ${JSON.stringify(change.key)}`] : [],
      ),
    stop: (reason) => controller.abort(reason),
  };
}

async function subscribed(feed: ChangeFeed, prefix: Key, clock: TestClock): Promise<Follower> {
  const follower = follow(feed, prefix);
  await until(clock, () => follower.seen.length > 0, '`resync`, which says that the feed is subscribed');
  equal(follower.seen[0], { type: 'resync' });
  return follower;
}

/** Writes a document and waits until its change is seen: whatever was announced before has come by then. */
async function flush(store: Store, follower: Follower, prefix: Key, clock: TestClock): Promise<string[]> {
  const key = [...prefix, 'flush'];
  const mark = `document ${JSON.stringify(key)}`;
  const before = follower.changed().filter((change) => change === mark).length;
  await put(store, key, clock.now(), `flush-${before}`);
  const arrived = () => follower.changed().filter((change) => change === mark).length > before;
  await until(clock, arrived, 'the change of a document that was put');
  await clock.advance(1000);
  return follower.changed().filter((change) => change !== mark);
}

/** A case on a store that has a feed; without one there is nothing to show, and `support/feed` says that it is so declared. */
function feedCase(
  make: typeof storeCase,
  id: string,
  title: string,
  body: (store: Store, feed: ChangeFeed, clock: TestClock) => Promise<void>,
): Case<StoreSubject> {
  return make(id, title, async (store, clock) => {
    if (store.feed) await body(store, store.feed, clock);
  });
}

export const feedCases = [
  feedCase(
    storeCase,
    'feed/resync-first',
    '`resync` comes first, then what changed under the prefix',
    async (store, feed, clock) => {
      await put(store, ['a', 'before'], 1, 'op');
      const follower = await subscribed(feed, ['a'], clock);
      await put(store, ['a', 'x'], 1, 'op');
      await put(store, ['ab'], 1, 'op');
      await store.logs.append(['a'], entries(1, 1));
      equal(
        new Set(await flush(store, follower, ['a'], clock)),
        new Set(['document ["a","x"]', 'log ["a"]']),
      );
      follower.stop();
      await within(follower.done, 'the end of an aborted feed');
    },
  ),

  feedCase(
    storeCase,
    'feed/announces',
    'rewrites and deletions are announced, and nothing is where nothing was written',
    async (store, feed, clock) => {
      await store.logs.append(['l'], entries(1, 1));
      await put(store, ['d'], 1, 'op');
      const follower = await subscribed(feed, [], clock);
      await store.logs.append(['l'], entries(1, 1));
      await put(store, ['d'], 1, 'op');
      await conflictOf(store.documents.put(['d'], 2, { expect: 'absent', operationId: 'op-2' }));
      await store.logs.rewrite(['l'], [{ id: 'e1', revision: 7, body: 0 }]);
      await store.logs.delete(['missing']);
      equal(await flush(store, follower, [], clock), []);
      const steps: readonly (() => Promise<unknown>)[] = [
        () => store.logs.rewrite(['l'], [{ id: 'e1', revision: 0, body: 0 }]),
        () => store.documents.delete(['d'], { expect: 'any' }),
        () => store.logs.delete(['l']),
      ];
      const announced: string[] = [];
      for (const step of steps) {
        const before = follower.changed().length;
        await step();
        await until(clock, () => follower.changed().length > before, 'the change of a rewrite or deletion');
        announced.push(...follower.changed().slice(before));
      }
      equal(new Set(announced), new Set(['log ["l"]', 'document ["d"]']));
      follower.stop();
      await within(follower.done, 'the end of an aborted feed');
    },
  ),

  feedCase(
    storeCase,
    'feed/last-change',
    'changes may coalesce, but the last one is never lost',
    async (store, feed, clock) => {
      const follower = await subscribed(feed, [], clock);
      for (let round = 0; round < 5; round++) {
        const before = follower.seen.length;
        for (let count = 0; count < 10; count++) await put(store, ['k'], count, `op-${round}-${count}`);
        await until(clock, () => follower.seen.length > before, 'a change after the last write');
        equal(follower.seen.at(-1), { type: 'changed', target: 'document', key: ['k'] });
      }
      follower.stop();
      await within(follower.done, 'the end of an aborted feed');
    },
  ),

  feedCase(
    storeCase,
    'feed/aborted',
    'the feed ends without an error when the signal is aborted, also before it began',
    async (_, feed, clock) => {
      const follower = await subscribed(feed, [], clock);
      follower.stop(new Error('not to be seen'));
      await within(follower.done, 'the end of an aborted feed');
      const late = follow(feed, []);
      late.stop();
      const controller = new AbortController();
      controller.abort();
      const never = feed.watch([], { signal: controller.signal })[Symbol.asyncIterator]().next();
      equal((await within(never, 'the end of a feed aborted before')).done, true);
      await within(late.done, 'the end of an aborted feed');
    },
  ),

  feedCase(
    storeCase,
    'feed/closed',
    'the feed ends without an error when the store is closed',
    async (store, feed, clock) => {
      const follower = await subscribed(feed, [], clock);
      await store.close();
      await within(follower.done, 'the end of the feed of a closed store');
    },
  ),

  feedCase(
    alwaysCase,
    'isolation/feed',
    'a feed shows no change of another prefix or scope',
    async (store, _, clock) => {
      const one = scoped(store, ['a']);
      const other = scoped(store, ['*']);
      holds(one.feed && other.feed, 'a scope of a store with a feed has one');
      const follower = await subscribed(one.feed, [], clock);
      const hostile = await subscribed(other.feed, [], clock);
      await put(other, ['x'], 1, 'op');
      await put(store, ['ab', 'x'], 1, 'op');
      await one.logs.append(['y'], entries(1, 1));
      equal(new Set(await flush(one, follower, [], clock)), new Set(['log ["y"]']));
      equal(new Set(await flush(other, hostile, [], clock)), new Set(['document ["x"]']));
      follower.stop();
      hostile.stop();
      await within(Promise.all([follower.done, hostile.done]), 'the end of aborted feeds');
    },
  ),
];
