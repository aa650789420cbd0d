import { inspect } from 'node:util';
import { randomId, StoreUnavailableError } from '@loci/core';
import { createClient, createCluster } from 'redis';
import { expect, onTestFinished, it as plainIt, vi } from 'vitest';
import { createRedisStore, type RedisStoreOptions } from '../src/index.js';
import { follow } from './follow.js';
import { openClient, openStore } from './open-store.js';
import { redisIt as it, startRedis } from './start-redis.js';
import { entries, expectCode, keysOf, put, toArray } from './tools.js';

const secret = 'SECRET-4711';

plainIt('options that cannot be used are refused, without showing what is in them', () => {
  const clock = { now: 1 } as unknown as NonNullable<RedisStoreOptions['clock']>;
  const client = { eval: 1 } as unknown as NonNullable<RedisStoreOptions['client']>;
  const bad: readonly RedisStoreOptions[] = [
    null as unknown as RedisStoreOptions,
    { url: secret },
    { url: `http://:${secret}@localhost` },
    { url: `redis://:${secret}@localhost:99999` },
    { url: `redis://:${secret}@localhost/zero` },
    { url: `redis://:${secret}%zz@localhost` },
    { url: 'redis://localhost', host: secret },
    { url: 'redis://localhost', path: secret },
    { path: '/redis.sock', port: 1 },
    { port: 0 },
    { port: 1.5 },
    { password: 7 as unknown as string },
    { tls: secret as unknown as boolean },
    { database: -1 },
    { prefix: '' },
    { prefix: `{${secret}}` },
    { prefix: 'x'.repeat(101) },
    { durability: 'no' as unknown as 'disk' },
    { commandTimeoutMs: 0 },
    { reconnectDelayMs: Number.NaN },
    { maxReconnectDelayMs: -1 },
    { clock },
    { randomId: 'id' as unknown as () => string },
    { client },
  ];
  for (const options of bad) {
    let error: unknown;
    try {
      createRedisStore(options);
    } catch (thrown) {
      error = thrown;
    }
    expect(error, inspect(options)).toMatchObject({ code: 'INVALID_INPUT' });
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(secret);
  }
});

plainIt('the factory does no I/O, and a store that was never used closes', async () => {
  const store = createRedisStore({ url: `redis://user:${secret}@127.0.0.1:1` });
  expect(inspect(store, { depth: 9, showHidden: true })).not.toContain(secret);
  expect(await store.close()).toEqual({ unsaved: [] });
});

plainIt('a server that is not there is a typed error that shows no password', async () => {
  const store = createRedisStore({ url: `redis://user:${secret}@127.0.0.1:1` });
  const error = await store.documents.get(['k']).catch((reason: unknown) => reason);
  expect(StoreUnavailableError.isInstance(error)).toBe(true);
  expect(error).toMatchObject({ cause: { code: 'ECONNREFUSED' } });
  expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(secret);
  await store.close();
});

it('[G10] a password is taken from the URL or the option; a wrong or missing one is a typed error', async () => {
  const redis = await startRedis('--requirepass', secret);
  const inUrl = `redis://:${secret}@127.0.0.1:${redis.port}`;
  expect(await openStore(redis, { url: inUrl }).documents.get(['k'])).toBeUndefined();
  expect(await openStore(redis, { password: secret }).documents.get(['k'])).toBeUndefined();
  for (const password of [`${secret}-wrong`, undefined]) {
    const store = openStore(redis, password === undefined ? {} : { password });
    const error = await store.documents.get(['k']).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'STORE_UNAVAILABLE', message: expect.stringContaining('password') });
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(secret);
  }
});

it('a server that quotes the arguments of a refused command does not bring the password into an error', async () => {
  // As servers before Redis 6 and some proxies do.
  const redis = await startRedis('--rename-command', 'HELLO', '');
  const error = await openStore(redis, { password: secret })
    .documents.get(['k'])
    .catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code: 'STORE_UNAVAILABLE' });
  expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(secret);
});

it('[G5] [G10] stores with different prefixes or databases never see each other', async () => {
  const redis = await startRedis();
  const prefix = randomId();
  const stores = [
    openStore(redis, { prefix }),
    openStore(redis, { prefix: `${prefix}:d` }),
    openStore(redis, { prefix, database: 1 }),
    openStore(redis, { prefix, url: `${redis.url}/2` }),
  ];
  for (const [index, store] of stores.entries()) {
    await put(store, ['d', 'k'], index, 'op');
    await store.logs.append(['l'], entries(1, index + 1));
  }
  for (const [index, store] of stores.entries()) {
    expect((await store.documents.get(['d', 'k']))?.value).toBe(index);
    expect(await keysOf(store.documents.list([]))).toEqual([['d', 'k']]);
    expect(await toArray(store.logs.read(['l']))).toHaveLength(index + 1);
  }
  const bare = await openClient(redis);
  expect((await bare.keys('*')).every((key) => key.startsWith(`{${prefix}`))).toBe(true);
});

it('[G10] a Unix socket is a way to the server', async () => {
  const redis = await startRedis('--unixsocket', 'redis.sock');
  const bare = await openClient(redis);
  const { dir = '' } = await bare.configGet('dir');
  const store = createRedisStore({ path: `${dir}/redis.sock` });
  await put(store, ['k'], 1, 'op');
  expect(await keysOf(store.documents.list([]))).toEqual([['k']]);
  await store.close();
});

it('[G10] a given client is used and never closed, and a feed has a duplicate that is', async () => {
  const redis = await startRedis();
  const client = createClient({ url: redis.url });
  const store = createRedisStore({ client, prefix: 'mine' });
  await expectCode(store.documents.get(['k']), 'STORE_UNAVAILABLE');
  await client.connect();
  onTestFinished(() => client.destroy());
  await put(store, ['k'], 1, 'op');
  const changes = store.feed?.watch([], { signal: new AbortController().signal })[Symbol.asyncIterator]();
  expect(await changes?.next()).toMatchObject({ value: { type: 'resync' } });
  await put(store, ['k'], 2, 'op-2');
  expect(await changes?.next()).toMatchObject({ value: { key: ['k'] } });
  await store.close();
  expect(await client.ping()).toBe('PONG');
  expect(await client.clientList()).toHaveLength(1);
});

it('every script stays in one slot of a cluster', async () => {
  const redis = await startRedis('--cluster-enabled', 'yes');
  const bare = await openClient(redis);
  await bare.sendCommand(['CLUSTER', 'ADDSLOTSRANGE', '0', '16383']);
  // A node that was just started takes two seconds to trust its own slots.
  await expect
    .poll(() => bare.sendCommand(['CLUSTER', 'INFO']), { timeout: 10_000 })
    .toContain('cluster_state:ok');
  const cluster = createCluster({ rootNodes: [{ url: redis.url }] });
  await cluster.connect();
  onTestFinished(() => cluster.destroy());
  for (const store of [openStore(redis), createRedisStore({ client: cluster })]) {
    if (!store.feed) throw new Error('a store of this package has a feed');
    const { seen, done } = follow(store.feed, [], new AbortController().signal);
    await expect.poll(() => seen).toEqual([{ type: 'resync' }]);
    for (const name of ['a', 'b', 'c']) {
      await store.documents.put([name], 1, { expect: 'absent', operationId: 'op', ttlMs: 1e6 });
      await store.logs.append([name], entries(1, 3), { ttlMs: 1e6 });
      await store.logs.rewrite([name], [{ id: 'e2', revision: 0, body: 'new' }]);
    }
    await expect.poll(() => seen.length).toBeGreaterThan(6);
    expect(await keysOf(store.documents.list([]))).toHaveLength(3);
    expect(await keysOf(store.logs.list([]))).toHaveLength(3);
    expect((await toArray(store.logs.read(['a']))).map((entry) => entry.body)).toEqual([1, 'new', 3]);
    expect(await store.documents.delete(['a'], { expect: 'any' })).toBe(true);
    await store.close();
    await done;
  }
});

it('[G10] all calls of a store go over one connection, however many there are at once', async () => {
  const redis = await startRedis();
  const bare = await openClient(redis);
  const store = openStore(redis);
  const others = async () => (await bare.clientList()).filter(({ id }) => id !== mine).length;
  const mine = await bare.clientId();
  await Promise.all(Array.from({ length: 200 }, (_, index) => put(store, ['k', `${index}`], index, 'op')));
  expect(await others()).toBe(1);
  await store.close();
  await vi.waitFor(async () => expect(await others()).toBe(0));
});
