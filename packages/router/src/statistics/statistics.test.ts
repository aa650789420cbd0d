import type { Usage } from '@loci/core';
import { createTestClock } from '@loci/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createStatistics } from './create-statistics.js';
import type { AttemptOutcome } from './statistics.js';

const usage: Usage = { input: 1000, cacheRead: 400, cacheWrite: 0, output: 50, reasoning: 10 };
const start = Date.UTC(2026, 0, 1);

function outcome(of: Partial<AttemptOutcome> = {}): AttemptOutcome {
  return { id: 'a', result: 'success', startedAt: start, durationMs: 100, usage: null, cost: null, ...of };
}

function statisticsOf(outcomes: readonly AttemptOutcome[]) {
  const statistics = createStatistics({ clock: createTestClock(start) });
  for (const item of outcomes) statistics.record(item);
  return statistics;
}

/** The value of rank q(n−1) in a sorted list, as the paper defines the quantile. */
function exactQuantile(values: readonly number[], quantile: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(quantile * (values.length - 1))] ?? 0;
}

describe('figures of one model', () => {
  it('[F4] counts successes, failures by kind, tokens and cost', () => {
    const statistics = statisticsOf([
      outcome({ usage, cost: 5_000n }),
      outcome({ usage: { ...usage, cacheWriteLong: 7 }, cost: 7_000n, durationMs: 300, firstContentMs: 40 }),
      outcome({ result: 'server' }),
      outcome({ result: 'server', usage, cost: 1n }),
      outcome({ result: 'rate-limit' }),
      outcome({ result: 'cancelled' }),
    ]);
    const model = statistics.of('a');
    expect(model).toMatchObject({
      id: 'a',
      attempts: 6,
      successes: 2,
      cancelled: 1,
      failures: { server: 2, 'rate-limit': 1 },
      successRate: 0.4,
      usage: { input: 3000, cacheRead: 1200, cacheWriteLong: 7, output: 150, reasoning: 30 },
      cost: 12_001n,
      unpriced: 3,
      lastUsedAt: start + 300,
    });
    expect(model.latency).toMatchObject({ count: 2, mean: 200 });
    expect(model.firstContent).toMatchObject({ count: 1, mean: 40 });
  });

  it('has no rate and no latency before the first attempt', () => {
    expect(createStatistics().of('new')).toMatchObject({
      attempts: 0,
      successRate: null,
      latency: null,
      firstContent: null,
      lastUsedAt: null,
      recent: { successRate: null, weight: 0, latency: null, firstContent: null, cacheHitRate: null },
    });
  });

  it('leaves failures of the request and the caller out of the success rate', () => {
    const results = ['aborted', 'deadline', 'context-length', 'content-filter', 'invalid-request'] as const;
    const statistics = statisticsOf([outcome(), ...results.map((result) => outcome({ result }))]);
    expect(statistics.of('a')).toMatchObject({
      attempts: 6,
      successRate: 1,
      recent: { successRate: 1, weight: 1 },
    });
  });

  it('counts what is in flight', () => {
    const statistics = createStatistics();
    statistics.begin('a');
    statistics.begin('a');
    expect(statistics.of('a').inFlight).toBe(2);
    statistics.record(outcome());
    expect(statistics.of('a').inFlight).toBe(1);
    statistics.reset();
    expect(statistics.of('a')).toMatchObject({ inFlight: 1, attempts: 0 });
  });

  it('[F4] gives p50, p95 and p99 within one per cent of a value that occurred', () => {
    const latency = fc.double({ min: 0.05, max: 1e7, noNaN: true });
    fc.assert(
      fc.property(fc.array(latency, { minLength: 1, maxLength: 200 }), (values) => {
        const found = statisticsOf(values.map((durationMs) => outcome({ durationMs }))).of('a').latency;
        for (const [name, quantile] of [
          ['p50', 0.5],
          ['p95', 0.95],
          ['p99', 0.99],
        ] as const) {
          const exact = exactQuantile(values, quantile);
          expect(Math.abs((found?.[name] ?? 0) - exact)).toBeLessThanOrEqual(exact * 0.010001);
        }
        const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
        expect(found?.mean).toBeCloseTo(mean, 3);
      }),
    );
  });

  it('[F4] does not grow with the calls', () => {
    const statistics = createStatistics({ clock: createTestClock(start) });
    const sizeAfter = (calls: number) => {
      // Spread over the whole range, so that every bin is in use.
      for (let index = 0; index < calls; index++)
        statistics.record(outcome({ durationMs: 10 ** ((index % 10_000) / 1000 - 2), usage, cost: 1n }));
      return statistics.tally().models.get('a')?.latency.bins.size;
    };
    expect(sizeAfter(10_000)).toBe(sizeAfter(40_000));
    expect(sizeAfter(1)).toBeLessThanOrEqual(1152);
  });

  it('takes durations out of range as the nearest it can hold', () => {
    const statistics = statisticsOf([0, -5, 1e12].map((durationMs) => outcome({ durationMs })));
    expect(statistics.of('a').latency?.p50).toBeCloseTo(0.01, 3);
    expect(statistics.of('a').latency?.p99).toBeCloseTo(0.01, 3);
    expect(statisticsOf([outcome({ durationMs: 1e12 })]).of('a').latency?.p50).toBeGreaterThan(9e7);
  });
});

describe('recent figures', () => {
  it('forgets half of what it saw in each half-life', async () => {
    const clock = createTestClock(start);
    const statistics = createStatistics({ clock, halfLifeMs: 1000 });
    for (let index = 0; index < 4; index++) statistics.record(outcome({ durationMs: 0, result: 'server' }));
    await clock.advance(2000);
    expect(statistics.of('a').recent).toMatchObject({ weight: 1, successRate: 0 });
    statistics.record(outcome({ startedAt: clock.now(), durationMs: 0 }));
    expect(statistics.of('a').recent).toMatchObject({ weight: 2, successRate: 0.5 });
    expect(statistics.of('a').successRate).toBe(0.2);
    await clock.advance(9000);
    expect(statistics.of('a').recent.successRate).toBeNull();
  });

  it('lets a peak of latency in at once and comes down with time', () => {
    const statistics = createStatistics({ clock: createTestClock(start), halfLifeMs: 1000 });
    const at = (seconds: number, durationMs: number) =>
      statistics.record(
        outcome({ startedAt: start + seconds * 1000 - durationMs, durationMs, firstContentMs: 10 }),
      );
    at(0, 100);
    at(1, 900);
    expect(statistics.of('a').recent.latency).toBe(900);
    at(2, 100);
    expect(statistics.of('a').recent.latency).toBe(500);
    at(3, 100);
    expect(statistics.of('a').recent.latency).toBe(300);
    expect(statistics.of('a').recent.firstContent).toBe(10);
  });

  it('takes an attempt that was cut off as a lower bound of the latency', () => {
    const statistics = statisticsOf([
      outcome(),
      outcome({ result: 'timeout', durationMs: 5000 }),
      outcome({ result: 'cancelled', durationMs: 50 }),
      outcome({ result: 'server', durationMs: 9000 }),
    ]);
    expect(statistics.of('a').recent.latency).toBe(5000);
    expect(statistics.of('a').latency?.count).toBe(1);
  });

  it('knows the share of the input that came from the cache', () => {
    const statistics = statisticsOf([outcome({ usage }), outcome({ usage: { ...usage, cacheRead: 0 } })]);
    expect(statistics.of('a').recent.cacheHitRate).toBeCloseTo(0.2);
  });
});

describe('watching', () => {
  it('[F4] gives a snapshot that stays as it is', async () => {
    const clock = createTestClock(start);
    const statistics = createStatistics({ clock });
    statistics.record(outcome());
    await clock.advance(5000);
    const snapshot = statistics.snapshot();
    const before = structuredClone(snapshot);
    statistics.record(outcome({ result: 'server', usage, cost: 1n }));
    statistics.record(outcome({ id: 'b' }));
    expect(snapshot).toEqual(before);
    expect(snapshot).toMatchObject({ since: start, at: start + 5000, models: [{ id: 'a', attempts: 1 }] });
    expect(statistics.snapshot().models.map(({ id }) => id)).toEqual(['a', 'b']);
  });

  it('[F4] tells listeners of every attempt, one that throws included, until they end it', () => {
    const statistics = createStatistics();
    const seen: string[] = [];
    statistics.subscribe(() => {
      throw new Error('a listener at fault');
    });
    const end = statistics.subscribe(({ result }) => void seen.push(result));
    statistics.record(outcome());
    statistics.record(outcome({ result: 'server' }));
    end();
    statistics.record(outcome());
    expect(seen).toEqual(['success', 'server']);
    expect(statistics.of('a').attempts).toBe(3);
  });

  it('[F4] forgets everything on reset, and its live views with it', async () => {
    const clock = createTestClock(start);
    const statistics = createStatistics({ clock });
    const view = statistics.of('a');
    statistics.record(outcome({ usage, cost: 1n }));
    expect(view.attempts).toBe(1);
    await clock.advance(1000);
    statistics.reset();
    expect(view).toMatchObject({ attempts: 0, cost: 0n, latency: null, recent: { weight: 0 } });
    expect(statistics.snapshot().since).toBe(start + 1000);
  });

  it('refuses a half-life that is none', () => {
    for (const halfLifeMs of [0, -1, Number.NaN, Number.POSITIVE_INFINITY])
      expect(() => createStatistics({ halfLifeMs })).toThrow('options.halfLifeMs');
  });
});
