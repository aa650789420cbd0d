import { describe, expect, it } from 'vitest';
import { answerOf, ask, createStage, failure, type Stage } from './harness.js';

/** A primary that is down until it is not, and a backup. */
function pair(stage: Stage) {
  const state = { down: true, primary: 0 };
  const primary = stage.model('primary', []);
  const model = {
    ...primary,
    stream: (...call: Parameters<typeof primary.stream>) => {
      state.primary++;
      return (
        state.down ? stage.model('primary', ['connection']) : stage.model('primary', ['primary'])
      ).stream(...call);
    },
  };
  return { state, models: [model, stage.model('backup', ['backup'])] };
}

describe('the circuit breaker', () => {
  it('opens after failures in a row: the dead primary is not asked again, whoever calls', async () => {
    const stage = createStage();
    const { state, models } = pair(stage);
    const router = stage.router({ models });
    for (let call = 0; call < 25; call++) await stage.generate(router);
    expect(state.primary).toBe(5);
    expect(router.health.records()[0]).toMatchObject({ breaker: 'open', reason: 'connection' });
    expect(stage.events).toContainEqual(
      expect.objectContaining({ type: 'health-changed', id: 'scripted/primary', from: 'closed', to: 'open' }),
    );
  });

  it('opens by the share of failures, too', async () => {
    const stage = createStage();
    const flaky = stage.model(
      'flaky',
      Array.from({ length: 60 }, (_, call) => (call % 5 < 3 ? 'timeout' : 'ok')),
    );
    const router = stage.router({ models: [flaky, stage.model('backup', ['backup'])] });
    for (let call = 0; call < 30; call++) await stage.generate(router);
    expect(flaky.requests).toHaveLength(21);
  });

  it('failures of requests do not open it, and a success begins the count anew', async () => {
    const stage = createStage();
    const turns = ['server', 'server', 'server', 'server', 'ok'] as const;
    const primary = stage.model(
      'a',
      Array.from({ length: 20 }, (_, call) => turns[call % 5] ?? 'ok'),
    );
    const router = stage.router({
      models: [primary, stage.model('backup', ['backup'])],
      breaker: { ratio: 1 },
      retry: { budget: { ratio: 1, floor: 100 } },
    });
    for (let call = 0; call < 8; call++) await stage.generate(router);
    const faults = stage.router({ models: [stage.model('b', ['invalid-request'])] });
    for (let call = 0; call < 8; call++) await stage.generate(faults).catch(() => {});
    for (const { health } of [router, faults])
      expect(health.records()[0]).toMatchObject({ breaker: 'closed' });
  });

  it('down for 60 s under traffic, then back: all are answered, one probe per interval, back within 15 s', async () => {
    const stage = createStage();
    const { state, models } = pair(stage);
    const router = stage.router({ models });
    const start = stage.clock.now();
    let backAt: number | undefined;
    const probes: number[] = [];
    for (let tick = 0; tick < 160; tick++) {
      await stage.clock.advance(500);
      const at = stage.clock.now() - start;
      state.down = at < 60_000;
      const before = state.primary;
      const answers = await stage.play(Promise.all([1, 2, 3].map(() => router.generate(ask))));
      if (state.primary > before && at > 5000 && at < 60_000) probes.push(at);
      if (answers.every((answer) => answerOf(answer) === 'primary')) backAt ??= at;
    }
    expect(backAt).toBeLessThanOrEqual(75_000);
    expect(probes.length).toBeGreaterThan(3);
    for (const [index, at] of probes.entries())
      if (index > 0) expect(at - (probes[index - 1] ?? 0)).toBeGreaterThanOrEqual(10_000);
    expect(state.primary).toBeGreaterThan(20);
  });

  it('a probe that hangs keeps its place: no second one starts beside it', async () => {
    const stage = createStage();
    const primary = stage.model('primary', [...Array<'timeout'>(5).fill('timeout'), 'silent']);
    const router = stage.router({ models: [primary, stage.model('backup', ['backup'])] });
    for (let call = 0; call < 5; call++) await stage.generate(router);
    await stage.clock.advance(10_000);
    const probe = router.generate(ask);
    await stage.clock.advance(25_000);
    await Promise.all([router.generate(ask), router.generate(ask)]);
    expect(primary.requests).toHaveLength(6);
    expect(answerOf(await stage.play(probe))).toBe('backup');
  });

  it('a probe that is refused as a request shows the model alive', async () => {
    const stage = createStage();
    const primary = stage.model('primary', [
      ...Array<'timeout'>(5).fill('timeout'),
      'invalid-request',
      'alive',
    ]);
    const router = stage.router({ models: [primary, stage.model('backup', ['backup'])] });
    for (let call = 0; call < 5; call++) await stage.generate(router);
    await stage.clock.advance(10_000);
    await stage.generate(router).catch(() => {});
    expect(answerOf(await stage.generate(router))).toBe('alive');
  });
});

it('1,000 concurrent callers on a dead primary: none fails, the attempts stay within the retry budget, then one probe per interval', async () => {
  const stage = createStage();
  const { state, models } = pair(stage);
  const router = stage.router({ models });
  const callers = 1000;
  const storm = () => stage.play(Promise.all(Array.from({ length: callers }, () => router.generate(ask))));
  for (const answer of await storm()) expect(answerOf(answer)).toBe('backup');
  const { attempts } = router.statistics.of('scripted/primary');
  expect(state.primary).toBe(attempts);
  // All began before the first failure was known; the retries on top are bounded by the budget.
  expect(attempts).toBeLessThanOrEqual(callers * 1.1 + 10);
  expect(router.statistics.of('scripted/backup').attempts).toBe(callers);
  for (let interval = 0; interval < 3; interval++) {
    const before = state.primary;
    await storm();
    await storm();
    expect(state.primary - before).toBe(interval === 0 ? 0 : 1);
    await stage.clock.advance(10_000);
  }
});

describe('what processes tell each other', () => {
  it('a breaker that opened elsewhere is adopted, and a recovery too', async () => {
    const stage = createStage();
    const here = stage.router({ models: [stage.model('a', ['a']), stage.model('b', ['b'])] });
    const there = stage.router({ models: [stage.model('a', [failure('auth')]), stage.model('b', ['b'])] });
    const told: unknown[] = [];
    const stop = there.health.subscribe((record) => void told.push(record));
    await stage.generate(there);
    expect(told).toMatchObject([{ id: 'scripted/a', breaker: 'open', reason: 'auth' }]);
    here.health.adopt([...there.health.records(), { ...there.health.records()[0], id: 'unknown' } as never]);
    expect(answerOf(await stage.generate(here))).toBe('b');
    stop();
    await stage.clock.advance(1000);
    here.health.adopt([
      { id: 'scripted/a', breaker: 'closed', until: 0, reason: 'recovered', at: stage.clock.now() },
    ]);
    expect(answerOf(await stage.generate(here))).toBe('a');
  });

  it('what was learnt here later is not taken back by an older record', async () => {
    const stage = createStage();
    const router = stage.router({ models: [stage.model('a', ['auth']), stage.model('b', ['b'])] });
    const at = stage.clock.now() - 1;
    await stage.generate(router);
    router.health.adopt([{ id: 'scripted/a', breaker: 'closed', until: 0, reason: '', at }]);
    expect(router.health.records()[0]).toMatchObject({ breaker: 'open' });
  });
});
