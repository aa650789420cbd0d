import { createTestClock } from '@loci/testing';
import { expect, it } from 'vitest';
import { createStatistics } from './create-statistics.js';
import { printStatistics, printStatisticsEvery } from './print-statistics.js';

const start = Date.UTC(2026, 0, 1);
const usage = { input: 1_234_567, cacheRead: 0, cacheWrite: 0, output: 50, reasoning: 0 };

it('[F6] prints one aligned table', async () => {
  const clock = createTestClock(start);
  const statistics = createStatistics({ clock });
  const attempt = { id: 'openai/gpt-5.4', result: 'success', startedAt: start, usage, cost: null } as const;
  statistics.record({ ...attempt, durationMs: 812.3, firstContentMs: 96, cost: 1_250_000_000_000n });
  statistics.record({ ...attempt, durationMs: 1500 });
  statistics.record({ ...attempt, result: 'server', usage: null, durationMs: 3 });
  statistics.record({ ...attempt, result: 'cancelled', usage: null, durationMs: 3 });
  statistics.record({ ...attempt, id: 'a', usage: null, durationMs: 4.2, cost: 0n });
  statistics.of('never/used');
  await clock.advance(90_000);
  expect(`\n${printStatistics(statistics.snapshot())}`).toMatchInlineSnapshot(`
    "
    Statistics of 1.5 min until 2026-01-01T00:01:30.000Z
    model           attempts  ok  success    mean     p50     p95     p99  first         in  out        cost  failures
    --------------  --------  --  -------  ------  ------  ------  ------  -----  ---------  ---  ----------  ---------------------
    openai/gpt-5.4         4   2   66.7 %   1.2 s  804 ms  804 ms  804 ms  97 ms  2,469,134  100  $1.250000+  1 server, 1 cancelled
    a                      1   1  100.0 %  4.2 ms  4.2 ms  4.2 ms  4.2 ms      –          0    0   $0.000000  –
    never/used             0   0        –       –       –       –       –      –          0    0           –  –
    "
  `);
});

it('says so when there is nothing to print', () => {
  const statistics = createStatistics({ clock: createTestClock(start) });
  expect(printStatistics(statistics.snapshot())).toBe(
    'Statistics of 0.0 ms until 2026-01-01T00:00:00.000Z\nNo model was used.\n',
  );
});

it('[F6] prints again and again until it is ended, also when nobody can read it', async () => {
  const clock = createTestClock(start);
  const statistics = createStatistics({ clock });
  const tables: string[] = [];
  const write = (table: string) => {
    tables.push(table);
    if (tables.length === 1) throw new Error('the pipe is closed');
  };
  const stop = printStatisticsEvery(statistics, { everyMs: 1000, write, clock });
  await clock.advance(3500);
  expect(tables.map((table) => table.slice(0, 20))).toEqual([
    'Statistics of 1.0 s ',
    'Statistics of 2.0 s ',
    'Statistics of 3.0 s ',
  ]);
  stop();
  await clock.advance(5000);
  expect(tables).toHaveLength(3);
  expect(clock.pending()).toEqual([]);
});

it('refuses an interval that is none', () => {
  const statistics = createStatistics();
  for (const everyMs of [0, -1, Number.NaN, 2 ** 31])
    expect(() => printStatisticsEvery(statistics, { everyMs, write: () => {} })).toThrow('options.everyMs');
});
