import { randomId } from '@loci/core';
import { createTestClock } from '@loci/testing';
import pg from 'pg';
import { expect, onTestFinished, vi } from 'vitest';
import type { PostgresStoreEvent } from '../src/index.js';
import { toNames } from '../src/names.js';
import { follow } from './follow.js';
import { openClient, openStore } from './open-store.js';
import { startChild } from './start-child.js';
import { postgresIt as it, sharedPostgres } from './start-postgres.js';
import { expectCode, put } from './tools.js';

/** Every test leaves it running. */
const shared = sharedPostgres({ fsync: 'off' });
const changed = (...key: string[]) => ({ type: 'changed', target: 'document', key });

/** Follows the feed of a store and waits until it is subscribed. */
async function watched(store: ReturnType<typeof openStore>, prefix: readonly string[] = []) {
  if (!store.feed) throw new Error('a store of this package has a feed');
  const controller = new AbortController();
  const { seen, done } = follow(store.feed, prefix, controller.signal);
  await vi.waitFor(() => expect(seen).toEqual([{ type: 'resync' }]), { timeout: 5000 });
  return { seen, done, stop: () => controller.abort() };
}

it('[G6] a write of another process is seen at once, without a poll', async () => {
  const schema = randomId();
  const store = openStore(shared(), { schema, clock: createTestClock() });
  const { seen, done } = await watched(store);
  const options = JSON.stringify({ url: shared().url, schema });
  const child = startChild('worker.mjs', options, 'append', 'child', '20');
  expect(await child.line()).toBe('ready');
  child.tell('go');
  expect((await child.rest()).at(-1)).toBe('done');
  await vi.waitFor(() => expect(seen.at(-1)).toEqual({ type: 'changed', target: 'log', key: ['shared'] }));
  await store.close();
  await done;
});

it('[G6] a feed whose server was restarted says resync when it is back, and goes on', async () => {
  const server = shared();
  const events: PostgresStoreEvent['type'][] = [];
  const store = openStore(server, {
    reconnectDelayMs: 1,
    maxReconnectDelayMs: 20,
    onEvent(event) {
      events.push(event.type);
      throw new Error('ignored');
    },
  });
  const { seen, done } = await watched(store);
  await server.kill();
  await server.restart();
  await vi.waitFor(() => expect(seen).toEqual([{ type: 'resync' }, { type: 'resync' }]), { timeout: 5000 });
  await put(store, ['k'], 1, 'op');
  await vi.waitFor(() => expect(seen.at(-1)).toEqual(changed('k')));
  expect([...new Set(events)]).toEqual(['feed-connected', 'feed-lost']);
  expect(events.at(-1)).toBe('feed-connected');
  await store.close();
  await done;
});

it('a feed that begins while the server is down waits for it', async () => {
  const server = shared();
  const store = openStore(server, { reconnectDelayMs: 1, maxReconnectDelayMs: 20 });
  await server.kill();
  const controller = new AbortController();
  if (!store.feed) throw new Error('a store of this package has a feed');
  const { seen, done } = follow(store.feed, [], controller.signal);
  await expectCode(store.documents.get(['k']), 'STORE_UNAVAILABLE');
  await server.restart();
  await vi.waitFor(() => expect(seen).toEqual([{ type: 'resync' }]), { timeout: 5000 });
  controller.abort();
  await done;
});

it('a feed that the server refuses ends with a typed error', async () => {
  const store = openStore(shared(), { database: 'nowhere' });
  const changes = store.feed?.watch([], { signal: new AbortController().signal })[Symbol.asyncIterator]();
  await expectCode(changes?.next() ?? Promise.resolve(), 'STORE_UNAVAILABLE');
});

it('one connection serves every feed of a store and is closed with the last', async () => {
  const schema = randomId();
  const store = openStore(shared(), { schema });
  const bare = await openClient(shared());
  const listening = async () =>
    (await bare.query("select 1 from pg_stat_activity where query ilike 'do E%' and pid <> pg_backend_pid()"))
      .rowCount;
  await put(store, ['before'], 1, 'op');
  expect(await listening()).toBe(0);
  const one = await watched(store, ['a']);
  const two = await watched(store, ['b']);
  for (let count = 0; count < 5; count++) await put(store, ['a', `${count}`], 1, 'op');
  expect(await listening()).toBe(1);
  await vi.waitFor(() => expect(one.seen).toHaveLength(6));
  expect(two.seen).toHaveLength(1);
  one.stop();
  two.stop();
  await Promise.all([one.done, two.done]);
  await vi.waitFor(async () => expect(await listening()).toBe(0));
});

it('a write announces itself only while somebody listens, in whichever process', async () => {
  const schema = randomId();
  const store = openStore(shared(), { schema });
  await put(store, ['k'], 0, 'op-0');
  const bare = await openClient(shared());
  const heard: (string | undefined)[] = [];
  bare.on('notification', ({ payload }) => heard.push(payload));
  // A bare LISTEN does not hold the lock by which the listeners of stores are known.
  await bare.query(`listen ${toNames(schema).channel}`);
  await put(store, ['k'], 1, 'op-1');
  await bare.query('select 1');
  expect(heard).toEqual([]);
  const { stop, done } = await watched(openStore(shared(), { schema }));
  await put(store, ['k'], 2, 'op-2');
  await vi.waitFor(() => expect(heard).toEqual(['dk/']));
  stop();
  await done;
});

it('a write that began before the feed and ends after its resync is never missed', async () => {
  const schema = randomId();
  const store = openStore(shared(), { schema });
  await put(store, ['k'], 0, 'op-0');
  const [bare, observer] = [await openClient(shared()), await openClient(shared())];
  await bare.query('begin');
  const { fn } = toNames(schema);
  const values = [true, false, 0, 'k/', Date.now(), 'any', 'op-1', 'epoch', null, '1'];
  await bare.query(`select ${fn('put_document')}($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`, values);
  if (!store.feed) throw new Error('a store of this package has a feed');
  const controller = new AbortController();
  const { seen, done } = follow(store.feed, [], controller.signal);
  // The feed is connected and waits for the write.
  await vi.waitFor(async () => {
    const waiting = await observer.query(
      "select 1 from pg_stat_activity where query ilike 'do E%' and state = 'active'",
    );
    expect(waiting.rowCount).toBe(1);
  });
  expect(seen).toEqual([]);
  // Others write meanwhile.
  await put(store, ['other'], 1, 'op');
  await bare.query('commit');
  await vi.waitFor(() => expect(seen).toEqual([{ type: 'resync' }]));
  expect((await store.documents.get(['k']))?.value).toBe(1);
  controller.abort();
  await done;
});

it('a key that is too long for a message, and messages of others, say what is safe', async () => {
  const schema = randomId();
  const store = openStore(shared(), { schema });
  const { seen } = await watched(store);
  const long = Array.from({ length: 16 }, () => '%'.repeat(512));
  await put(store, long, 1, 'op');
  await vi.waitFor(() => expect(seen).toEqual([{ type: 'resync' }, { type: 'resync' }]));
  const bare = await openClient(shared());
  for (const message of ['d', 'dno key', 'xk/', 'd%zz/'])
    await bare.query('select pg_notify($1, $2)', [toNames(schema).channel, message]);
  await put(openStore(shared()), ['other schema'], 1, 'op');
  await put(store, ['mine'], 1, 'op');
  await vi.waitFor(() => expect(seen.slice(2)).toEqual([changed('mine')]));
});

it('a given pool lends the connection of the feed and gets none back that listens', async () => {
  const pool = new pg.Pool({ connectionString: shared().url, max: 2 });
  onTestFinished(() => pool.end());
  const store = openStore(shared(), { pool });
  const { seen, done } = await watched(store);
  await put(store, ['k'], 1, 'op');
  await vi.waitFor(() => expect(seen.at(-1)).toEqual(changed('k')));
  await store.close();
  await done;
  const channels = await pool.query('select pg_listening_channels()');
  expect(channels.rows).toEqual([]);
});
