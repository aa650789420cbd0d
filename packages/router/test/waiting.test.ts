import { describe, expect, it } from 'vitest';
import { routeOf } from '../src/index.js';
import { answerOf, createStage, failure } from './harness.js';

const limited = (retryAfterMs: number) => failure('rate-limit', { retryAfterMs, status: 429 });

describe('what a vendor asks to wait', () => {
  it('a short wait is waited out once, and the primary answers', async () => {
    const stage = createStage();
    const backup = stage.model('backup', ['backup']);
    const router = stage.router({ models: [stage.model('primary', [limited(2000), 'primary']), backup] });
    const start = stage.clock.now();
    expect(answerOf(await stage.generate(router))).toBe('primary');
    expect(stage.clock.now() - start).toBe(2000);
    expect(backup.requests).toHaveLength(0);
  });

  it('a long one is not: the backup answers at once, and the primary is left alone until then', async () => {
    const stage = createStage();
    const primary = stage.model('primary', [limited(20_000), 'primary']);
    const router = stage.router({ models: [primary, stage.model('backup', ['backup'])] });
    const start = stage.clock.now();
    expect(answerOf(await stage.generate(router))).toBe('backup');
    expect(stage.clock.now()).toBe(start);
    await stage.clock.advance(19_999);
    expect(answerOf(await stage.generate(router))).toBe('backup');
    await stage.clock.advance(1);
    expect(answerOf(await stage.generate(router))).toBe('primary');
    expect(primary.requests).toHaveLength(2);
  });

  it('nor is one that passes the deadline', async () => {
    const stage = createStage();
    const router = stage.router({
      models: [stage.model('primary', [limited(2000)]), stage.model('backup', ['backup'])],
    });
    const deadlineAt = stage.clock.now() + 1500;
    expect(answerOf(await stage.generate(router, { deadlineAt }))).toBe('backup');
    expect(stage.clock.now()).toBeLessThan(deadlineAt);
  });

  it('where nobody else is left it is waited out however long, within the time that there is', async () => {
    const stage = createStage();
    const router = stage.router({ models: [stage.model('only', [limited(12_000), 'at last'])] });
    const start = stage.clock.now();
    expect(answerOf(await stage.generate(router))).toBe('at last');
    expect(stage.clock.now() - start).toBe(12_000);
    const tooLong = stage.router({ models: [stage.model('only', [limited(31_000)])] });
    await expect(stage.generate(tooLong)).rejects.toMatchObject({ kind: 'rate-limit', retryAfterMs: 31_000 });
  });
});

it('a rate limit for ever, without a word when it ends: at most 4 attempts in 3 s and 6 in all, with growing pauses', async () => {
  const stage = createStage();
  const primary = stage.model('primary', ['rate-limit']);
  const alone = stage.router({ models: [primary], random: () => 0 });
  const start = stage.clock.now();
  await expect(stage.generate(alone)).rejects.toMatchObject({ kind: 'rate-limit' });
  const times = stage.events.flatMap((event) => (event.type === 'attempt-started' ? [event.at - start] : []));
  expect(times.filter((at) => at <= 3000).length).toBeLessThanOrEqual(4);
  expect(times).toEqual([0, 1000, 3000, 7000, 15_000]);
  const both = stage.router({ models: [primary, stage.model('backup', ['backup'])] });
  expect(answerOf(await stage.generate(both))).toBe('backup');
});

it('a rate limit in the middle of a stream goes elsewhere, too', async () => {
  const stage = createStage();
  const router = stage.router({
    models: [stage.model('primary', ['rate-limit']), stage.model('backup', ['backup'])],
  });
  expect((await stage.read(router)).text).toBe('backup');
});

describe('where all are down', () => {
  it('waits for the first that comes back, where the deadline allows', async () => {
    const stage = createStage();
    const router = stage.router({
      models: [stage.model('a', [limited(25_000), 'back']), stage.model('b', [limited(9000), 'back first'])],
    });
    const response = await stage.generate(router);
    expect(answerOf(response)).toBe('back first');
    expect(routeOf(response)?.waits).toMatchObject([{ ms: 9000 }]);
    expect(stage.events).toContainEqual(expect.objectContaining({ type: 'wait', ms: 9000 }));
  });

  it('asks the one that would be back first, where it does not; and gives up before the deadline', async () => {
    const stage = createStage();
    const a = stage.model('a', ['not-found', 'not-found', 'here again']);
    const b = stage.model('b', [limited(20_000), limited(20_000), 'b']);
    const router = stage.router({ models: [a, b] });
    const deadlineAt = stage.clock.now() + 1000;
    await expect(stage.generate(router, { deadlineAt })).rejects.toMatchObject({ kind: 'not-found' });
    const again: unknown = await stage.generate(router, { deadlineAt }).catch((error: unknown) => error);
    expect(again).toMatchObject({
      route: {
        attempts: [{ id: 'scripted/b', why: expect.stringContaining('last resort') }, { id: 'scripted/a' }],
      },
    });
    expect(stage.clock.now()).toBeLessThan(deadlineAt);
  });

  it('a last resort is within the retry budget; without one the failure says when to come back', async () => {
    const stage = createStage();
    const only = stage.model('only', ['auth']);
    const router = stage.router({ models: [only], retry: { budget: { ratio: 0, floor: 0 } } });
    await expect(stage.generate(router)).rejects.toMatchObject({ kind: 'auth' });
    await expect(stage.generate(router)).rejects.toMatchObject({
      kind: 'overloaded',
      retry: 'same',
      retryAfterMs: 60_000,
    });
    expect(only.requests).toHaveLength(1);
  });

  it('those who wait are woken when another call finds a model well again', async () => {
    const stage = createStage();
    const only = stage.model('only', [...Array<'server'>(5).fill('server'), { text: 'well', delayMs: 100 }]);
    const router = stage.router({ models: [only], retry: { pauseMs: 0 } });
    for (let call = 0; call < 3; call++) await stage.generate(router).catch(() => {});
    expect(router.health.records()).toMatchObject([{ breaker: 'open' }]);
    const start = stage.clock.now();
    await stage.play(Promise.all(Array.from({ length: 20 }, () => router.generate({ messages: [] }))));
    // One is the probe; the others start when it has answered and not at the next interval.
    expect(stage.clock.now() - start).toBeLessThan(10_500);
  });
});

it('nothing starts after the caller left, and a wait ends at once', async () => {
  const stage = createStage();
  const only = stage.model('only', [limited(20_000)]);
  const router = stage.router({ models: [only] });
  const controller = new AbortController();
  const call = router
    .generate({ messages: [] }, { signal: controller.signal })
    .catch((error: unknown) => error);
  await stage.clock.advance(1000);
  controller.abort('enough');
  expect(await call).toMatchObject({ kind: 'aborted', cause: 'enough' });
  expect(stage.clock.pending()).toEqual([]);
  expect(only.requests).toHaveLength(1);
});
