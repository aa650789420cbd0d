import { randomId } from '@loci/core';
import { createTestClock } from '@loci/testing';
import { expect, vi } from 'vitest';
import { follow } from './follow.js';
import { openClient, openStore } from './open-store.js';
import { startChild } from './start-child.js';
import { redisIt as it, startRedis } from './start-redis.js';
import { expectCode, put } from './tools.js';

const changed = (...key: string[]) => ({ type: 'changed', target: 'document', key });

/** Follows the feed of a store and waits until it is subscribed. */
async function watched(store: ReturnType<typeof openStore>, prefix: readonly string[] = []) {
  if (!store.feed) throw new Error('a store of this package has a feed');
  const controller = new AbortController();
  const { seen, done } = follow(store.feed, prefix, controller.signal);
  await vi.waitFor(() => expect(seen).toEqual([{ type: 'resync' }]));
  return { seen, done, stop: () => controller.abort() };
}

it('[G1] [G6] a write of another process is seen, with many of the same key as one or more', async () => {
  const redis = await startRedis();
  const prefix = randomId();
  const store = openStore(redis, { prefix, clock: createTestClock() });
  const { seen, done } = await watched(store);
  const options = JSON.stringify({ url: redis.url, prefix });
  const child = startChild('worker.mjs', options, 'append', 'child', '20');
  expect(await child.line()).toBe('ready');
  child.tell('go');
  expect((await child.rest()).at(-1)).toBe('done');
  await vi.waitFor(() => expect(seen.at(-1)).toEqual({ type: 'changed', target: 'log', key: ['shared'] }));
  await store.close();
  await done;
});

it('[G6] a feed whose connection is lost says resync when it is back, and goes on', async () => {
  const redis = await startRedis();
  const prefix = randomId();
  const store = openStore(redis, { prefix, reconnectDelayMs: 1, maxReconnectDelayMs: 20 });
  const { seen, done } = await watched(store);
  await redis.kill();
  await redis.restart();
  await vi.waitFor(() => expect(seen).toEqual([{ type: 'resync' }, { type: 'resync' }]), { timeout: 5000 });
  await vi.waitFor(() => put(store, ['k'], 1, 'op'), { timeout: 5000 });
  await vi.waitFor(() => expect(seen.at(-1)).toEqual(changed('k')));
  await store.close();
  await done;
});

it('a feed that begins while the server is down waits for it', async () => {
  const redis = await startRedis();
  const store = openStore(redis, { reconnectDelayMs: 1, maxReconnectDelayMs: 20 });
  await redis.kill();
  const controller = new AbortController();
  if (!store.feed) throw new Error('a store of this package has a feed');
  const { seen, done } = follow(store.feed, [], controller.signal);
  await expectCode(store.documents.get(['k']), 'STORE_UNAVAILABLE');
  await redis.restart();
  await vi.waitFor(() => expect(seen).toEqual([{ type: 'resync' }]), { timeout: 5000 });
  controller.abort();
  await done;
});

it('a feed that the server refuses ends with a typed error and leaves no connection', async () => {
  const redis = await startRedis();
  const bare = await openClient(redis);
  await bare.sendCommand(['ACL', 'SETUSER', 'deaf', 'on', '>word', '~*', '+@all', 'resetchannels']);
  for (const password of ['word', 'wrong']) {
    const store = openStore(redis, { username: 'deaf', password });
    const changes = store.feed?.watch([], { signal: new AbortController().signal })[Symbol.asyncIterator]();
    await expectCode(changes?.next() ?? Promise.resolve(), 'STORE_UNAVAILABLE');
    await vi.waitFor(async () => expect(await bare.clientList()).toHaveLength(1));
  }
});

it('one connection serves every feed of a store and is closed with the last', async () => {
  const redis = await startRedis();
  const bare = await openClient(redis);
  const connections = async () => (await bare.clientList()).length - 1;
  const store = openStore(redis);
  expect(await connections()).toBe(0);
  const one = await watched(store, ['a']);
  const two = await watched(store, ['b']);
  for (let count = 0; count < 5; count++) await put(store, ['a', `${count}`], 1, 'op');
  expect(await connections()).toBe(2);
  await vi.waitFor(() => expect(one.seen).toHaveLength(6));
  expect(two.seen).toHaveLength(1);
  one.stop();
  two.stop();
  await Promise.all([one.done, two.done]);
  await vi.waitFor(async () => expect(await connections()).toBe(1));
  await store.close();
  await vi.waitFor(async () => expect(await connections()).toBe(0));
});

it('changes of another prefix or another database, and messages of others, are not seen', async () => {
  const redis = await startRedis();
  const prefix = randomId();
  const store = openStore(redis, { prefix });
  const { seen } = await watched(store);
  await put(openStore(redis), ['other'], 1, 'op');
  await put(openStore(redis, { prefix, database: 1 }), ['other'], 1, 'op');
  const bare = await openClient(redis);
  for (const message of ['', 'd', 'dno key', 'xk/', 'd%zz/'])
    await bare.publish(`{${prefix}}:changes:0`, message);
  await put(store, ['mine'], 1, 'op');
  await vi.waitFor(() => expect(seen.slice(1)).toEqual([changed('mine')]));
});
