import { createTestClock } from '@loci/testing';
import { expect, it } from 'vitest';
import { createStatistics } from './create-statistics.js';
import { exportStatistics } from './export-statistics.js';
import { subtractExports } from './subtract-exports.js';

const clock = createTestClock();
const usage = { input: 10, cacheRead: 4, cacheWrite: 0, output: 5, reasoning: 0 };
const attempt = {
  id: 'a',
  result: 'success',
  startedAt: clock.now(),
  durationMs: 100,
  usage,
  cost: 7n,
} as const;

it('leaves what was counted since', () => {
  const statistics = createStatistics({ clock });
  statistics.record({ ...attempt, durationMs: 0.1 });
  statistics.record({ ...attempt, result: 'server' });
  const earlier = exportStatistics(statistics);
  statistics.record({ ...attempt, durationMs: 0.2, firstContentMs: 3 });
  statistics.record({ ...attempt, id: 'b', result: 'cancelled', cost: null });
  const since = createStatistics({ clock });
  since.add(subtractExports(exportStatistics(statistics), earlier));
  expect(since.of('a')).toMatchObject({
    attempts: 1,
    successes: 1,
    failures: {},
    cost: 7n,
    usage: { input: 10 },
  });
  expect(since.of('a').latency).toMatchObject({ count: 1, mean: expect.closeTo(0.2) });
  expect(since.of('a').firstContent?.count).toBe(1);
  expect(since.of('b')).toMatchObject({ cancelled: 1, unpriced: 1 });
  const nothing = createStatistics({ clock });
  nothing.add(subtractExports(earlier, earlier));
  expect(nothing.of('a')).toMatchObject({ attempts: 0, latency: null, cost: 0n, usage: { input: 0 } });
});

it('is nothing, and not less, where they were reset in between', () => {
  const statistics = createStatistics({ clock });
  statistics.record(attempt);
  statistics.record({ ...attempt, result: 'cancelled', cost: null });
  const earlier = exportStatistics(statistics);
  statistics.reset();
  statistics.record({ ...attempt, result: 'server', durationMs: 5, cost: 1n, usage: null });
  const since = createStatistics({ clock });
  since.add(subtractExports(exportStatistics(statistics), earlier));
  expect(since.of('a')).toMatchObject({ attempts: 1, failures: { server: 1 }, cost: 0n, latency: null });
});
