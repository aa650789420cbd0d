import { randomId } from '@loci/core';
import { createTestClock } from '@loci/testing';
import { expect } from 'vitest';
import { openStore } from './open-store.js';
import { startChild } from './start-child.js';
import { redisIt as it, startRedis } from './start-redis.js';
import { entries, expectCode, put, toArray } from './tools.js';

const durable = ['--appendonly', 'yes', '--appendfsync', 'always'];

it('[G3] a server that keeps every write and is killed loses no acknowledged append', async () => {
  const redis = await startRedis(...durable);
  const prefix = randomId();
  const acknowledged: string[] = [];
  for (let round = 0; round < 3; round++) {
    const options = JSON.stringify({ url: redis.url, prefix });
    const child = startChild('worker.mjs', options, 'append', `round-${round}`, '100000');
    expect(await child.line()).toBe('ready');
    child.tell('go');
    for (let count = 0; count < 50; count++) acknowledged.push((await child.line()) ?? 'ended');
    await redis.kill();
    const rest = await child.rest();
    expect(rest.at(-1)).toBe('STORE_UNAVAILABLE');
    acknowledged.push(...rest.slice(0, -1));
    await redis.restart();
  }
  const stored = await toArray(openStore(redis, { prefix }).logs.read(['shared']));
  expect(stored.map((entry) => entry.id)).toEqual(expect.arrayContaining(acknowledged));
  expect(stored.map((entry) => entry.seq)).toEqual(stored.map((_, index) => index + 1));
  expect(stored.length - acknowledged.length).toBeLessThanOrEqual(3);
});

it('[G10] calls fail at once while the server is down, and succeed by themselves when it is back', async () => {
  const redis = await startRedis(...durable);
  const clock = createTestClock();
  const store = openStore(redis, { clock, durability: 'disk' });
  expect(store.supports.durability).toBe('disk');
  const first = await put(store, ['k'], 1, 'one');
  await redis.kill();
  await expectCode(put(store, ['k'], 2, 'two'), 'STORE_UNAVAILABLE');
  await expectCode(store.documents.get(['k']), 'STORE_UNAVAILABLE');
  await redis.restart();
  // The pause before the next attempt is not over: the time of the clock decides, not the server.
  await expectCode(store.documents.get(['k']), 'STORE_UNAVAILABLE');
  await clock.advance(2000);
  expect(await put(store, ['k'], 1, 'one')).toEqual({ ...first, replayed: true });
  expect(await put(store, ['k'], 2, 'two')).toMatchObject({ replayed: false });
});

it('a server that does not know the scripts any more is given them again', async () => {
  const redis = await startRedis();
  const store = openStore(redis, { clock: createTestClock() });
  await put(store, ['k'], 1, 'one');
  await redis.kill();
  await redis.restart();
  // The first call finds out that the connection is gone, at the latest.
  await put(store, ['k'], 2, 'two').catch(() => undefined);
  expect(await put(store, ['k'], 2, 'two')).toBeDefined();
  expect((await store.documents.get(['k']))?.value).toBe(2);
});

it('a call that is not answered ends after its time-out; repeated, it is applied once', async () => {
  const redis = await startRedis();
  const clock = createTestClock();
  const store = openStore(redis, { clock, commandTimeoutMs: 5000 });
  await store.logs.append(['l'], entries(1, 1));
  redis.signal('SIGSTOP');
  const late = store.logs.append(['l'], entries(2, 2));
  const stopped = store.documents.get(['k'], { signal: AbortSignal.abort(new Error('enough')) });
  await expect(stopped).rejects.toThrow('enough');
  const rejected = expectCode(late, 'STORE_UNAVAILABLE');
  await clock.advance(4999);
  await clock.advance(1);
  await rejected;
  redis.signal('SIGCONT');
  const repeated = await store.logs.append(['l'], entries(2, 2));
  expect(repeated).toMatchObject({ firstSeq: 2, lastSeq: 2 });
  expect(await toArray(store.logs.read(['l']))).toHaveLength(2);
});

it('`close` waits no longer than it may, and names the write that was not answered', async () => {
  const redis = await startRedis();
  const clock = createTestClock();
  const store = openStore(redis, { clock });
  await put(store, ['before'], 1, 'op');
  redis.signal('SIGSTOP');
  const rejected = expectCode(put(store, ['k'], 1, 'unanswered'), 'STORE_CLOSED');
  const closed = store.close({ timeoutMs: 500 });
  await expectCode(store.documents.get(['k']), 'STORE_CLOSED');
  await clock.advance(500);
  const { unsaved } = await closed;
  expect(unsaved).toMatchObject([{ key: ['k'], operationId: 'unanswered' }]);
  await rejected;
  redis.signal('SIGCONT');
});
