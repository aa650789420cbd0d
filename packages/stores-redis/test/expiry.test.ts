import { randomId } from '@loci/core';
import { createTestClock } from '@loci/testing';
import { expect } from 'vitest';
import { openClient, openStore } from './open-store.js';
import { redisIt as it, sharedRedis } from './start-redis.js';
import { entries, keysOf, put } from './tools.js';

const redis = sharedRedis();
const any = (operationId: string, ttlMs: number) => ({ expect: 'any', operationId, ttlMs }) as const;

it('[A10] the server removes a record a minute after its expiry, and the listing cleans the index', async () => {
  const prefix = randomId();
  const store = openStore(redis(), { prefix });
  const bare = await openClient(redis());
  await store.documents.put(['d'], 1, any('op', 5000));
  await store.logs.append(['l'], entries(1, 3), { ttlMs: 5000 });
  await put(store, ['stays'], 1, 'op');
  const names = [`{${prefix}}:d:d/`, `{${prefix}}:l:l/`];
  for (const name of names) {
    const left = await bare.pTTL(name);
    expect(left).toBeGreaterThan(55_000);
    expect(left).toBeLessThanOrEqual(65_001);
  }
  expect(await bare.pTTL(`{${prefix}}:d:stays/`)).toBe(-1);
  // A later write without `ttlMs` leaves it as it is.
  await put(store, ['d'], 2, 'op-2');
  expect(await bare.pTTL(names[0] as string)).toBeGreaterThan(0);
  for (const name of names) await bare.pExpireAt(name, 1);
  expect(await store.documents.get(['d'])).toBeUndefined();
  expect(await store.logs.head(['l'])).toBeUndefined();
  expect(await keysOf(store.documents.list([]))).toEqual([['stays']]);
  expect(await keysOf(store.logs.list([]))).toEqual([]);
  expect(await bare.zRange(`{${prefix}}:d`, 0, -1)).toEqual(['stays/']);
  expect(await bare.exists(`{${prefix}}:l`)).toBe(0);
});

it('with a clock of its own nothing is left to the clock of the server', async () => {
  const prefix = randomId();
  const store = openStore(redis(), { prefix, clock: createTestClock() });
  const bare = await openClient(redis());
  await store.documents.put(['d'], 1, any('op', 5000));
  expect(await bare.pTTL(`{${prefix}}:d:d/`)).toBe(-1);
});

it('what expired leaves server and index on the back of later writes, what was renewed stays', async () => {
  const prefix = randomId();
  const clock = createTestClock();
  const store = openStore(redis(), { prefix, clock });
  const bare = await openClient(redis());
  for (let count = 0; count < 20; count++) {
    await store.documents.put(['d', `${count}`], 1, any('op', 1000));
    await store.logs.append(['l', `${count}`], entries(1, 2), { ttlMs: 1000 });
  }
  await store.documents.put(['d', '7'], 2, any('op-2', 1e9));
  await clock.advance(1000 + 60_000);
  expect(await bare.keys(`{${prefix}}*`)).toHaveLength(43);
  for (let count = 0; count < 60; count++) await put(store, ['other'], count, `op-${count}`);
  const left = [':d', ':d:d/7/', ':d:other/', ':expiries'].map((name) => `{${prefix}}${name}`);
  await expect.poll(async () => (await bare.keys(`{${prefix}}*`)).sort()).toEqual(left);
  expect(await bare.zRange(`{${prefix}}:expiries`, 0, -1)).toEqual(['dd/7/']);
  expect(await keysOf(store.documents.list([]))).toEqual([['d', '7'], ['other']]);
});
