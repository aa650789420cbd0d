import { createMemoryStore, type Store } from '@loci/core';
import { createTestClock } from '@loci/testing';
import { expect, it, onTestFinished } from 'vitest';
import type { HealthRecord } from '../health/health.js';
import { createStatistics } from '../statistics/create-statistics.js';
import type { AttemptOutcome } from '../statistics/statistics.js';
import type { ShareEvent, ShareOptions } from './share-options.js';
import { shareRouter } from './share-router.js';
import { plainHealth, switchable } from './test-parts.js';

const clock = createTestClock();
const intervalMs = 1000;
const key = ['router'];
const hour = 3_600_000;

/** A store without a feed. */
function meet() {
  return switchable(createMemoryStore({ clock })).store;
}

/** A process that shares, without an engine. */
function join(store: Store, options: Partial<ShareOptions> = {}) {
  const statistics = createStatistics({ clock });
  const { health, learn, of } = plainHealth();
  const events: ShareEvent[] = [];
  const onEvent = (event: ShareEvent) => void events.push(event);
  const share = shareRouter({ statistics, health }, { store, key, intervalMs, clock, onEvent, ...options });
  const record = (outcome: Partial<AttemptOutcome> = {}) =>
    statistics.record({
      id: 'a',
      result: 'success',
      startedAt: clock.now(),
      durationMs: 100,
      usage: null,
      cost: 3n,
      ...outcome,
    });
  const close = () => settle(share.close());
  onTestFinished(async () => void (await close()));
  return {
    statistics,
    share,
    events,
    record,
    learn,
    breakerOf: of,
    close,
    attempts: () => statistics.of('a').attempts,
  };
}

/** Time-outs of the store run on the test's clock. */
async function settle<T>(promise: Promise<T>): Promise<T> {
  await clock.advance(5000);
  return promise;
}

const opened = (): HealthRecord => ({
  id: 'a',
  breaker: 'open',
  until: clock.now() + 10_000,
  reason: 'server',
  at: clock.now(),
});

async function documentsOf(store: Store) {
  const found: string[] = [];
  for await (const { key: at } of store.documents.list(key)) found.push(at.join('/'));
  return found;
}

it('[F4] two processes see what both counted, and nothing twice', async () => {
  const store = meet();
  const [one, two] = [join(store), join(store)];
  await clock.advance(0);
  one.record();
  one.record({ result: 'server' });
  two.record({ durationMs: 300 });
  await clock.advance(2 * intervalMs);
  for (const { statistics } of [one, two]) {
    expect(statistics.of('a')).toMatchObject({
      attempts: 3,
      successes: 2,
      failures: { server: 1 },
      cost: 9n,
    });
    expect(statistics.of('a').latency).toMatchObject({ count: 2, mean: 200 });
    expect(statistics.of('a').recent.weight).toBeGreaterThan(2.9);
  }
  await clock.advance(20 * intervalMs);
  expect([one.attempts(), two.attempts()]).toEqual([3, 3]);
});

it('a breaker that opens in one process is open in the other within the interval', async () => {
  const store = meet();
  const [one, two] = [join(store), join(store)];
  await clock.advance(250);
  one.learn(opened());
  await clock.advance(intervalMs - 251);
  expect(two.breakerOf('a')).toBe('closed');
  await clock.advance(1);
  expect(two.breakerOf('a')).toBe('open');
  await clock.advance(300);
  two.learn({ ...opened(), breaker: 'closed' });
  await clock.advance(intervalMs);
  expect([one.breakerOf('a'), two.breakerOf('a')]).toEqual(['closed', 'closed']);
});

it('a change that comes while an exchange is under way is written right after it', async () => {
  const store = meet();
  const one = join(store);
  one.learn(opened());
  await clock.advance(1);
  expect(await documentsOf(store)).toHaveLength(1);
});

it('a second change in one millisecond is not missed', async () => {
  const store = meet();
  const [one, two] = [join(store), join(store)];
  await clock.advance(0);
  one.record();
  await clock.advance(intervalMs);
  one.learn(opened());
  await clock.advance(0);
  expect(two.breakerOf('a')).toBe('closed');
  await clock.advance(intervalMs);
  expect(two.breakerOf('a')).toBe('open');
});

it('with a feed that pushes it is open within a quarter of the interval', async () => {
  const { store } = switchable(createMemoryStore({ clock }), 'push');
  const [one, two] = [join(store), join(store)];
  await clock.advance(intervalMs);
  one.learn(opened());
  await clock.advance(intervalMs / 4);
  expect(two.breakerOf('a')).toBe('open');
});

it('recording and looking never touch the store, and a process without news only reads', async () => {
  const { store, calls } = switchable(meet());
  const one = join(store);
  await clock.advance(0);
  calls.length = 0;
  for (let index = 0; index < 100; index++) one.record();
  one.statistics.snapshot();
  expect(calls).toEqual([]);
  await clock.advance(intervalMs);
  expect(calls.map((call) => call.split(' ')[0])).toEqual(['put', 'list']);
  calls.length = 0;
  await clock.advance(10 * intervalMs);
  expect(new Set(calls)).toEqual(new Set(['list router']));
});

it('[F4] a process that starts again knows what was counted before', async () => {
  const store = meet();
  const before = join(store);
  before.record();
  before.record({ id: 'b', result: 'timeout' });
  await before.close();
  const after = join(store);
  await settle(after.share.loaded);
  expect(after.statistics.snapshot().models).toMatchObject([
    { id: 'a', attempts: 1, successes: 1, cost: 3n },
    { id: 'b', failures: { timeout: 1 } },
  ]);
  after.record();
  await after.close();
  expect(await documentsOf(store)).toHaveLength(1);
  const third = join(store);
  await settle(third.share.loaded);
  expect(third.attempts()).toBe(2);
});

it('what a killed process had written is kept, and taken over after an hour', async () => {
  const store = meet();
  const { store: line, set } = switchable(store);
  const killed = join(line);
  await clock.advance(0);
  killed.record();
  await clock.advance(intervalMs);
  set('silent');
  const [one, two] = [join(store), join(store)];
  await clock.advance(intervalMs);
  expect([one.attempts(), two.attempts()]).toEqual([1, 1]);
  expect(await documentsOf(store)).toHaveLength(1);
  const taken = await documentsOf(store);
  await clock.advance(hour);
  expect(await documentsOf(store)).toHaveLength(1);
  expect(await documentsOf(store)).not.toEqual(taken);
  expect([one.attempts(), two.attempts()]).toEqual([1, 1]);
  // It was not dead at all: it comes back with what it counted meanwhile, and nothing is counted twice.
  killed.record({ result: 'server', cost: null });
  killed.record({ id: 'b' });
  set('up');
  await clock.advance(60_000);
  for (const { statistics } of [one, two, killed]) {
    expect(statistics.of('a')).toMatchObject({
      attempts: 2,
      successes: 1,
      failures: { server: 1 },
      cost: 3n,
    });
    expect(statistics.of('a').latency).toMatchObject({ count: 1, mean: 100 });
    expect(statistics.of('b').attempts).toBe(1);
  }
});

it('a process that comes back just before it would be taken over is not', async () => {
  const store = meet();
  const { store: line, set } = switchable(store);
  const late = join(line);
  late.record();
  await clock.advance(intervalMs);
  set('silent');
  const { documents } = store;
  let takeovers = 0;
  const one = join({
    ...store,
    documents: {
      ...documents,
      async delete(at, io) {
        takeovers += 1;
        const { value = null } = (await documents.get(at)) ?? {};
        await documents.put(at, value, { expect: 'any', operationId: 'it writes again' });
        return documents.delete(at, io);
      },
    },
  });
  const before = await documentsOf(store);
  await clock.advance(hour + 2 * intervalMs);
  expect(takeovers).toBe(1);
  expect(await documentsOf(store)).toEqual(before);
  expect(one.attempts()).toBe(1);
});

it('a process that is only idle is never taken for dead', async () => {
  const store = meet();
  const [one, two] = [join(store), join(store)];
  await clock.advance(0);
  one.record();
  await clock.advance(intervalMs);
  const before = await documentsOf(store);
  await clock.advance(3 * hour);
  expect(await documentsOf(store)).toEqual(before);
  expect(two.attempts()).toBe(1);
});

for (const mode of ['down', 'silent', 'losing'] as const) {
  it(`a store that is ${mode} changes nothing but the sharing, and is caught up with`, async () => {
    const store = meet();
    const away = switchable(store);
    const one = join(away.store);
    const two = join(store);
    await clock.advance(0);
    one.record();
    await clock.advance(2 * intervalMs);
    away.set(mode);
    one.record();
    one.learn(opened());
    await clock.advance(60_000);
    one.record();
    expect(one.attempts()).toBe(3);
    expect(one.breakerOf('a')).toBe('open');
    expect(one.events.filter(({ type }) => type === 'share-failed').length).toBeGreaterThan(2);
    expect(one.events.at(-1)).toMatchObject({ type: 'share-failed', error: { code: 'STORE_UNAVAILABLE' } });
    away.set('up');
    await clock.advance(32_000);
    expect(one.events.at(-1)).toEqual({ type: 'share-restored' });
    expect([one.attempts(), two.attempts()]).toEqual([3, 3]);
    expect(two.breakerOf('a')).toBe('open');
  });
}

it('asks a store that is away after growing pauses, and not more often for news', async () => {
  const { store, calls, set } = switchable(meet());
  set('down');
  const one = join(store, { maxPauseMs: 8000 });
  const asked: number[] = [];
  for (let second = 0; second <= 30; second++) {
    if (calls.length > 0) asked.push(second);
    calls.length = 0;
    one.learn(opened());
    await clock.advance(1000);
  }
  expect(asked).toEqual([0, 2, 6, 14, 22, 30]);
});

it('leaves out what it does not understand, and says so once', async () => {
  const store = meet();
  const put = (id: string, value: Parameters<Store['documents']['put']>[1]) =>
    store.documents.put([...key, id], value, { expect: 'any', operationId: id });
  await put('newer', { version: 2 });
  await put('damaged', {
    version: 1,
    statistics: { version: 1, since: 0, models: [{}] },
    health: [],
    absorbed: [],
  });
  await put('no health', {
    version: 1,
    statistics: { version: 1, since: 0, models: [] },
    health: [{ id: 'a', breaker: 'ajar' }],
    absorbed: [],
  });
  const one = join(store);
  const two = join(store);
  two.record();
  await clock.advance(10 * intervalMs);
  expect(one.events.map(({ type }) => type)).toEqual(Array(3).fill('share-unreadable'));
  expect(one.events).toContainEqual({
    type: 'share-unreadable',
    key: ['router', 'newer'],
    error: expect.objectContaining({ path: 'value.version' }),
  });
  expect(one.attempts()).toBe(1);
});

it('closes within its time when the store does not answer, and leaves the store open', async () => {
  const memory = meet();
  const { store, set } = switchable(memory);
  const one = join(store);
  one.record();
  await clock.advance(intervalMs);
  set('silent');
  await clock.advance(1);
  one.record();
  let closed = false;
  const closing = one.share.close({ timeoutMs: 700 }).then(() => {
    closed = true;
  });
  await clock.advance(699);
  expect(closed).toBe(false);
  await clock.advance(1);
  expect(closed).toBe(true);
  await closing;
  expect(one.events.at(-1)).toMatchObject({ type: 'share-failed' });
  expect(await documentsOf(memory)).toHaveLength(1);
});

it('does nothing any more after it was closed', async () => {
  const { store, calls } = switchable(createMemoryStore({ clock }), 'push');
  const one = join(store);
  one.record();
  await clock.advance(intervalMs);
  await one.close();
  calls.length = 0;
  const timers = clock.pending();
  one.record();
  one.learn(opened());
  expect(clock.pending()).toEqual(timers);
  await clock.advance(100 * intervalMs);
  expect(calls).toEqual([]);
});

it('a listener at fault changes nothing', async () => {
  const { store, set } = switchable(meet());
  set('down');
  const onEvent = () => {
    throw new Error('a listener at fault');
  };
  const one = join(store, { onEvent });
  await clock.advance(0);
  set('up');
  one.record();
  await clock.advance(10 * intervalMs);
  expect(await documentsOf(store)).toHaveLength(1);
});

it('refuses options that cannot be used', () => {
  const store = meet();
  const parts = { statistics: createStatistics(), health: plainHealth().health };
  const attempt = (options: object) => () => shareRouter(parts, { store, key, clock, ...options });
  for (const name of ['intervalMs', 'timeoutMs', 'maxPauseMs', 'keepMs'])
    for (const wrong of [0, -1, Number.NaN, Number.POSITIVE_INFINITY])
      expect(attempt({ [name]: wrong })).toThrow(`options.${name}`);
  expect(attempt({ store: {} })).toThrow('options.store');
  expect(attempt({ key: 'router' })).toThrow('options.key');
});
