import type { Store } from '@loci/core';
import { conflictOf, equal, holds, like, rejectsWith, toArray } from '../kit/assertions.js';
import type { TestClock } from '../test-clock.js';
import { storeCase } from './store-case.js';
import { bodiesOf, entries, keysOf, put } from './tools.js';

const key = ['short', 'lived'];

/** Time in the store's own granularity: a record lives for its time, and less than one `grain` longer. */
function measures(store: Store) {
  const grain = Math.max(1, store.supports.ttlGranularityMs);
  return { grain, ttlMs: 1000 * grain };
}

/** Fails unless it names the moment `expected`, or one less than a grain later. */
function checkExpiry(expiresAt: number | undefined, expected: number, grain: number): void {
  holds(expiresAt !== undefined, 'expiresAt is absent');
  const late = expiresAt - expected;
  holds(late >= 0 && late < grain, `expiresAt is ${late} ms off, with a granularity of ${grain} ms`);
}

async function untilGone(clock: TestClock, ttlMs: number, grain: number): Promise<void> {
  await clock.advance(ttlMs + grain - 1);
}

export const expiryCases = [
  storeCase(
    'expiry/document',
    'an expired document is absent everywhere, and not a moment earlier',
    async (store, clock) => {
      const { grain, ttlMs } = measures(store);
      await store.documents.put(key, 1, { expect: 'any', operationId: 'one', ttlMs });
      const start = clock.now();
      const found = await store.documents.get(key);
      like(found, { value: 1, updatedAt: start });
      checkExpiry(found?.expiresAt, start + ttlMs, grain);
      const listed = await toArray(store.documents.list(['short']));
      equal(listed, [{ key, updatedAt: start, expiresAt: found?.expiresAt }]);
      await clock.advance(ttlMs - 1);
      like(await store.documents.get(key), { value: 1 });
      await clock.advance(grain);
      equal(await store.documents.get(key), undefined);
      equal(await keysOf(store.documents.list([])), []);
      equal(await store.documents.delete(key, { expect: 'any' }), false);
    },
  ),

  storeCase(
    'expiry/document-anew',
    'an expired document is written anew: absent, another version, no expiry, no replay',
    async (store, clock) => {
      const { grain, ttlMs } = measures(store);
      const before = await store.documents.put(key, 1, { expect: 'any', operationId: 'one', ttlMs });
      await untilGone(clock, ttlMs, grain);
      const late = store.documents.put(key, 2, { expect: { version: before.version }, operationId: 'two' });
      equal((await conflictOf(late)).mayHaveApplied, true);
      const anew = await store.documents.put(key, 2, { expect: 'absent', operationId: 'one' });
      equal(anew.replayed, false);
      holds(anew.version !== before.version, 'the version is the same');
      await clock.advance(1_000_000 * grain);
      const found = await store.documents.get(key);
      holds(found && !('expiresAt' in found), 'it kept the expiry of its earlier life');
    },
  ),

  storeCase(
    'expiry/document-kept',
    'a `put` without `ttlMs` leaves the expiry as it is, one with it replaces it, a replay does neither',
    async (store, clock) => {
      const { grain, ttlMs } = measures(store);
      await store.documents.put(key, 1, { expect: 'any', operationId: 'one', ttlMs });
      const first = (await store.documents.get(key))?.expiresAt;
      await clock.advance(400 * grain);
      await put(store, key, 2, 'two');
      equal((await store.documents.get(key))?.expiresAt, first);
      await store.documents.put(key, 3, { expect: 'any', operationId: 'three', ttlMs: 5 * ttlMs });
      const later = (await store.documents.get(key))?.expiresAt;
      checkExpiry(later, clock.now() + 5 * ttlMs, grain);
      await store.documents.put(key, 3, { expect: 'any', operationId: 'three', ttlMs: 1 });
      equal((await store.documents.get(key))?.expiresAt, later);
    },
  ),

  storeCase('expiry/log', 'a log expires as a whole and begins a new epoch', async (store, clock) => {
    const { grain, ttlMs } = measures(store);
    const start = clock.now();
    const before = await store.logs.append(key, entries(1, 3), { ttlMs });
    await clock.advance(ttlMs / 2);
    await store.logs.append(key, entries(4, 4));
    const [listed] = await toArray(store.logs.list([]));
    like(listed, { key, updatedAt: clock.now() });
    checkExpiry(listed?.expiresAt, start + ttlMs, grain);
    await untilGone(clock, ttlMs / 2, grain);
    equal(await store.logs.head(key), undefined);
    equal(await bodiesOf(store, key), []);
    equal(await keysOf(store.logs.list([])), []);
    equal(await store.logs.rewrite(key, [{ id: 'e1', revision: 0, body: 'back' }]), []);
    const anew = await store.logs.append(key, entries(1, 1), { expect: 'absent' });
    like(anew, { firstSeq: 1, lastSeq: 1, outcome: 'appended' });
    holds(anew.epoch !== before.epoch, 'the epoch is the same');
    equal(await bodiesOf(store, key), [1]);
    equal(await toArray(store.logs.list([])), [{ key, updatedAt: clock.now() }]);
  }),

  storeCase('expiry/log-delete', 'deleting an expired log answers false', async (store, clock) => {
    const { grain, ttlMs } = measures(store);
    await store.logs.append(key, entries(1, 3), { ttlMs });
    await untilGone(clock, ttlMs, grain);
    equal(await store.logs.delete(key), false);
  }),

  storeCase(
    'expiry/log-renewed',
    'an append with `ttlMs` renews the expiry of the whole log, a replay does not',
    async (store, clock) => {
      const { grain, ttlMs } = measures(store);
      await store.logs.append(key, entries(1, 1), { ttlMs });
      await store.logs.append(key, entries(2, 2), { ttlMs: 9 * ttlMs });
      await store.logs.append(key, entries(2, 2), { ttlMs: 1 });
      await clock.advance(9 * ttlMs - 1);
      equal((await store.logs.head(key))?.seq, 2);
      await clock.advance(grain);
      equal(await store.logs.head(key), undefined);
    },
  ),

  storeCase(
    'expiry/refused',
    'a time to live that is not a finite number above 0 is refused',
    async (store) => {
      for (const ttlMs of [0, -1, Number.NaN, Number.POSITIVE_INFINITY, '5' as unknown as number]) {
        const options = { expect: 'any', operationId: 'op', ttlMs } as const;
        await rejectsWith(store.documents.put(key, 1, options), 'INVALID_INPUT');
        await rejectsWith(store.logs.append(key, entries(1, 1), { ttlMs }), 'INVALID_INPUT');
      }
      equal(await store.documents.get(key), undefined);
    },
  ),

  storeCase('expiry/any-size', 'a time to live may have any size', async (store, clock) => {
    await store.documents.put(key, 1, { expect: 'any', operationId: 'op', ttlMs: Number.MAX_VALUE });
    await clock.advance(1e12);
    equal((await store.documents.get(key))?.value, 1);
  }),
];
