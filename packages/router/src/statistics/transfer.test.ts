import { type ErrorKind, InvalidInputError, type JsonValue } from '@loci/core';
import { createTestClock } from '@loci/testing';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createStatistics } from './create-statistics.js';
import { exportStatistics, importStatistics } from './export-statistics.js';
import type { AttemptOutcome, Statistics } from './statistics.js';

const start = Date.UTC(2026, 0, 1);
const count = fc.nat(100_000);
const anyOutcome: fc.Arbitrary<AttemptOutcome> = fc.record(
  {
    id: fc.constantFrom('a', 'b', '__proto__'),
    result: fc.constantFrom<AttemptOutcome['result'][]>(
      'success',
      'cancelled',
      'timeout',
      'server',
      'aborted',
    ),
    startedAt: fc.nat(1_000_000).map((ms) => start + ms),
    durationMs: fc.nat(100_000),
    firstContentMs: fc.nat(10_000),
    usage: fc.option(
      fc.record({ input: count, cacheRead: count, cacheWrite: count, output: count, reasoning: count }),
    ),
    cost: fc.option(fc.bigInt({ min: 0n, max: 10n ** 20n })),
  },
  { requiredKeys: ['id', 'result', 'startedAt', 'durationMs', 'usage', 'cost'] },
);
const anyOutcomes = fc.array(anyOutcome, { maxLength: 30 });

function create(): Statistics {
  return createStatistics({ clock: createTestClock(start + 1000) });
}

function statisticsOf(outcomes: readonly AttemptOutcome[]): Statistics {
  const statistics = create();
  for (const outcome of outcomes) statistics.record(outcome);
  return statistics;
}

function viaText(exported: JsonValue): JsonValue {
  return JSON.parse(JSON.stringify(exported)) as JsonValue;
}

/** Everything but the decayed figures, which depend on the order of floating-point sums; by id. */
function countsOf(statistics: Statistics) {
  return new Map(
    statistics
      .snapshot()
      .models.map(({ id, recent, latency, firstContent, ...counts }) => [
        id,
        { ...counts, p50: latency?.p50, p99: latency?.p99, first: firstContent?.p95 },
      ]),
  );
}

it('[F4] an export brings everything into another process', () => {
  fc.assert(
    fc.property(anyOutcomes, (outcomes) => {
      const statistics = statisticsOf(outcomes);
      const copy = create();
      importStatistics(copy, viaText(exportStatistics(statistics)));
      expect(copy.snapshot()).toEqual(statistics.snapshot());
    }),
  );
});

it('merging two is as if one had seen all, whichever comes first', () => {
  fc.assert(
    fc.property(anyOutcomes, anyOutcomes, (one, two) => {
      const first = statisticsOf(one);
      importStatistics(first, exportStatistics(statisticsOf(two)));
      const second = statisticsOf(two);
      importStatistics(second, exportStatistics(statisticsOf(one)));
      const together = statisticsOf([...one, ...two]);
      expect(countsOf(first)).toEqual(countsOf(together));
      expect(countsOf(second)).toEqual(countsOf(together));
      for (const { id, recent } of first.snapshot().models) {
        expect(recent.weight).toBeCloseTo(together.of(id).recent.weight, 6);
        expect(recent.successRate ?? 0).toBeCloseTo(together.of(id).recent.successRate ?? 0, 6);
        expect(recent.latency ?? 0).toBeCloseTo(second.of(id).recent.latency ?? 0, 3);
      }
    }),
  );
});

it('what others counted is shown beside one’s own, replaced by their next report and never exported', () => {
  const mine: AttemptOutcome = {
    id: 'a',
    result: 'success',
    startedAt: start,
    durationMs: 100,
    usage: null,
    cost: 5n,
  };
  const theirs = statisticsOf([
    { ...mine, durationMs: 300 },
    { ...mine, result: 'server' },
  ]).tally();
  const statistics = statisticsOf([mine]);
  const own = exportStatistics(statistics);
  statistics.adopt([theirs, theirs]);
  expect(statistics.of('a')).toMatchObject({ attempts: 5, successes: 3, failures: { server: 2 }, cost: 25n });
  expect(statistics.of('a').lastUsedAt).toBe(start + 300);
  expect(statistics.of('a').recent.successRate).toBeCloseTo(0.6);
  expect(exportStatistics(statistics)).toEqual(own);
  statistics.adopt([theirs]);
  expect(statistics.of('a').attempts).toBe(3);
  statistics.adopt([]);
  expect(statistics.of('a').attempts).toBe(1);
});

it('refuses what is no export, says where, and adds nothing', () => {
  const good = exportStatistics(
    statisticsOf([
      { id: 'a', result: 'success', startedAt: start, durationMs: 100, usage: null, cost: 5n },
      {
        id: 'a',
        result: 'server' satisfies ErrorKind,
        startedAt: start,
        durationMs: 1,
        usage: null,
        cost: null,
      },
    ]),
  );
  const damages: readonly (readonly [readonly string[], JsonValue])[] = [
    [['version'], 2],
    [['since'], 'today'],
    [['models'], {}],
    [['models', '0', 'id'], 7],
    [['models', '0', 'successes'], -1],
    [['models', '0', 'cost'], '-5'],
    [['models', '0', 'failures', 'server'], null],
    [['models', '0', 'failures'], { unheard: 1 }],
    [
      ['models', '0', 'latency', 'bins', '0'],
      [1e9, 1],
    ],
    [
      ['models', '0', 'latency', 'bins', '0'],
      [3, 0],
    ],
    [['models', '0', 'latency', 'bins', '0'], [3]],
    [['models', '0', 'usage', 'input'], '5'],
    [['models', '0', 'recent', 'weight'], -1],
    [['models', '0', 'recent', 'latency'], 5],
  ];
  for (const [path, value] of damages) {
    const damaged = viaText(good);
    const parent = path
      .slice(0, -1)
      .reduce((at, name) => (at as Record<string, JsonValue>)[name] ?? null, damaged);
    (parent as Record<string, JsonValue>)[path.at(-1) ?? ''] = value;
    const statistics = create();
    expect(() => importStatistics(statistics, damaged), path.join('.')).toThrow(InvalidInputError);
    expect(statistics.snapshot().models).toEqual([]);
  }
});
