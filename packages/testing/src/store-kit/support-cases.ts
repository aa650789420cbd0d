import type { SearchIndex, Store } from '@loci/core';
import { equal, holds, like, toArray } from '../kit/assertions.js';
import type { Case } from '../kit/suite.js';
import { type StoreSubject, storeCase } from './store-case.js';
import { entries } from './tools.js';

export const supportCases = [
  storeCase(
    'support/shape',
    'the store and what it supports are data that nobody can change',
    async (store) => {
      const { durability, ttlGranularityMs, feed, pending } = store.supports;
      holds(['memory', 'process', 'disk'].includes(durability), `durability is “${durability}”`);
      holds(ttlGranularityMs > 0, `ttlGranularityMs is ${ttlGranularityMs}`);
      holds(['none', 'poll', 'push'].includes(feed), `feed is “${feed}”`);
      equal(typeof pending, 'boolean');
      holds(
        Object.isFrozen(store) && Object.isFrozen(store.supports),
        'the store or its `supports` is not frozen',
      );
    },
  ),

  storeCase(
    'support/feed',
    'the property `feed` is absent exactly where `supports.feed` is "none"',
    async (store) => {
      equal(store.feed === undefined, store.supports.feed === 'none');
      if (store.feed) equal(typeof store.feed.watch, 'function');
      else equal('feed' in store, false);
    },
  ),

  storeCase(
    'support/ttl',
    'a record lives for its time and less than `supports.ttlGranularityMs` longer',
    async (store, clock) => {
      const grain = store.supports.ttlGranularityMs;
      for (const [name, ttlMs] of [
        ['short', grain],
        ['odd', 2.5 * grain],
      ] as const) {
        await store.documents.put([name], 1, { expect: 'any', operationId: 'op', ttlMs });
        await store.logs.append([name], entries(1, 1), { ttlMs });
        const isThere = async () => [
          (await store.documents.get([name])) !== undefined,
          (await store.logs.head([name])) !== undefined,
        ];
        const whole = Math.ceil(ttlMs);
        await clock.advance(whole - 1);
        equal(await isThere(), [true, true], 'it expired too early');
        await clock.advance(grain);
        equal(await isThere(), [false, false], 'it lives longer than the granularity explains');
      }
    },
  ),

  storeCase(
    'support/pending',
    'where `supports.pending` is false, no append and no entry is only queued',
    async (store) => {
      const receipt = await store.logs.append(['k'], entries(1, 2));
      if (store.supports.pending) {
        holds(['appended', 'pending'].includes(receipt.outcome), `the outcome is “${receipt.outcome}”`);
        return;
      }
      equal(receipt.outcome, 'appended');
      for (const entry of await toArray(store.logs.read(['k']))) equal('pending' in entry, false);
    },
  ),

  searchCase(
    'search/complete',
    'a search index is absent, or has every method and knows nothing of a new space',
    async (search, store) => {
      for (const name of ['open', 'upsert', 'query', 'delete'] as const)
        equal(typeof search[name], 'function');
      like(await search.open(['s'], settings), { cursor: undefined });
      equal(await search.query(['s'], { text: 'fox', limit: 10 }), []);
      holds(Object.isFrozen(store), 'the store is not frozen');
    },
  ),

  searchCase(
    'search/cursor',
    'the cursor is written with the items, and items are replaced by id',
    async (search) => {
      await search.open(['s'], settings);
      await search.upsert(['s'], [item('1', 'a red fox'), item('2', 'a dog')], { cursor: 'c1' });
      equal(await found(search, 's', 'fox'), ['1']);
      await search.upsert(['s'], [item('1', 'a red hen')], { cursor: 'c2' });
      like(await search.open(['s'], settings), { cursor: 'c2' });
      equal(await found(search, 's', 'fox'), []);
      equal(await found(search, 's', 'hen'), ['1']);
      await search.delete(['s'], ['1']);
      equal(await found(search, 's', 'hen'), []);
    },
  ),

  {
    ...searchCase(
      'isolation/search',
      'every search names its space: nothing of another space is found',
      async (search) => {
        for (const space of ['s', '*', 's2']) await search.open([space], settings);
        await search.upsert(['s'], [item('1', 'a red fox')], { cursor: 'c1' });
        equal(await found(search, '*', 'fox'), []);
        equal(await found(search, 's2', 'fox'), []);
        await search.delete(['*'], ['1']);
        equal(await found(search, 's', 'fox'), ['1']);
        like(await search.open(['s2'], settings), { cursor: undefined });
      },
    ),
    always: true,
  },
];

const settings = { analyzer: 'simple', dimensions: 0 } as const;
const item = (id: string, text: string) => ({ id, text, fields: {} });

async function found(search: SearchIndex, space: string, text: string): Promise<string[]> {
  return (await search.query([space], { text, limit: 10 })).map(({ id }) => id);
}

/** A case on a store that has a search index; without one there is nothing to show. */
function searchCase(
  id: string,
  title: string,
  body: (search: SearchIndex, store: Store) => Promise<void>,
): Case<StoreSubject> {
  return storeCase(id, title, async (store) => {
    if (store.search) await body(store.search, store);
    else equal('search' in store, false);
  });
}
