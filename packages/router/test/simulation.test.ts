import { defineModel } from '@loci/core';
import {
  anySimulation,
  createSimulation,
  findFaults,
  latencyAveraging,
  type SimulationScenario,
  simulationScenarios,
} from '@loci/testing/simulator';
import { describe, expect, it } from 'vitest';
import { createRouter, type RouterEvent, type RouterOptions } from '../src/index.js';

type OptimizeFor = NonNullable<RouterOptions['optimizeFor']>;

/** The regret of a strategy over these seeds, in the unit of the aim. */
async function regretOf(
  { vendors, arrivals, aim }: SimulationScenario,
  count: number,
  choose: () => { readonly strategy: OptimizeFor; readonly record?: Parameters<typeof subscribe>[1] },
): Promise<number> {
  let regret = 0;
  for (const seed of [1, 2]) {
    const simulation = createSimulation({ seed, vendors, arrivals: arrivals(seed, count) });
    const report = await simulation.run(({ models, clock, random }) => {
      const { strategy, record } = choose();
      const router = createRouter({
        models: models.map((model, index) => {
          const rates = vendors[index]?.price;
          const dated = {
            provider: model.provider,
            modelId: model.modelId,
            asOf: '2026-11-01',
            source: 'script',
          };
          return { model, ...(rates && { price: { ...dated, ...rates } }) };
        }),
        optimizeFor: strategy,
        clock,
        random,
      });
      if (record) subscribe(router, record);
      return router;
    });
    regret += simulation.regret(report, aim);
  }
  return regret;
}

function subscribe(
  { statistics }: ReturnType<typeof createRouter>,
  record: ReturnType<typeof latencyAveraging>['record'],
): void {
  statistics.subscribe(record);
}

describe('strategies beside an oracle', () => {
  const { brownOut, cheapAndFlaky, bursts } = simulationScenarios;

  it.each([
    ['performance', brownOut, 2400, 0.5],
    ['cost', cheapAndFlaky, 600, 0.25],
    ['reliability', bursts, 600, 0.5],
  ] as const)(
    '[F3] `%s` regrets less than taking turns and averaging latencies',
    async (strategy, scenario, count, ofTurns) => {
      const own = await regretOf(scenario, count, () => ({ strategy }));
      const turns = await regretOf(scenario, count, () => ({ strategy: 'round-robin' }));
      const averages = await regretOf(scenario, count, () => {
        const averaging = latencyAveraging();
        return { strategy: averaging, record: averaging.record };
      });
      expect(own / turns).toBeLessThan(ofTurns);
      expect(own / averages).toBeLessThan(1);
    },
  );
});

describe('under random faults', () => {
  const settings: readonly Partial<RouterOptions>[] = [
    {},
    { optimizeFor: 'performance', afterContent: 'restart', hedge: { afterMs: 1000 } },
    { optimizeFor: 'reliability', afterContent: 'continue', failover: { contentFilter: true } },
    { optimizeFor: 'round-robin', maxAttempts: 3, maxWaitMs: 5000, hedge: { afterMs: 'p95' } },
  ];

  it.each(
    settings.map(
      (setting, index) => [Object.keys(setting).join(', ') || 'defaults', setting, index] as const,
    ),
  )(
    '[F6] decides the same twice, ends once, and never asks after the end (%s)',
    async (_, setting, index) => {
      const options = anySimulation(index + 1, 250);
      const simulation = createSimulation(options);
      const play = async () => {
        const log: RouterEvent[] = [];
        const report = await simulation.run(({ models, clock, random }) =>
          createRouter({ models, clock, random, onEvent: (event) => log.push(event), ...setting }),
        );
        return { report, log };
      };
      const first = await play();
      expect(findFaults(first.report, options.arrivals)).toEqual([]);
      expect(await play()).toEqual(first);
      const ended = first.log.flatMap((event) => (event.type === 'route-ended' ? [event.call] : []));
      expect(ended.toSorted((a, b) => a - b)).toEqual(options.arrivals.map((_, number) => number + 1));
      const { requests } = first.report;
      expect(requests.some(({ outcome }) => outcome === 'success')).toBe(true);
      expect(requests.some(({ attempts }) => attempts.length > 1)).toBe(true);
    },
  );

  it('would notice a model that asks twice', async () => {
    const options = anySimulation(1, 50);
    const report = await createSimulation(options).run(({ models: [model], clock }) => {
      if (!model) throw new Error('There is no model.');
      const timeouts = { firstContentMs: 60_000, idleMs: 30_000 };
      return defineModel({
        ...model,
        async *stream(request, call) {
          clock.after(1000, () => void model.generate(request, { timeouts }).catch(() => {}));
          yield* model.stream(request, { timeouts, ...call });
        },
      });
    });
    expect(findFaults(report, options.arrivals)).not.toEqual([]);
  });
});

describe('a primary that is down', () => {
  const callers = 1000;
  const openMs = 10_000;
  const retries = { ratio: 0.1, floor: 10 };

  it('[F1] with 1,000 callers at a time fails nobody, sees one probe an interval and stays within the retry budget', async () => {
    const moments = Array.from({ length: 7 }, (_, wave) => wave * 5000);
    const simulation = createSimulation({
      seed: 1,
      vendors: [
        { name: 'primary', latency: { medianMs: 500, p95Ms: 900 }, phases: [{ fromMs: 0, failing: 1 }] },
        { name: 'backup', latency: { medianMs: 800, p95Ms: 1500 } },
      ],
      arrivals: moments.flatMap((atMs) => Array.from({ length: callers }, () => ({ atMs }))),
    });
    const { requests } = await simulation.run(({ models, clock, random }) =>
      createRouter({ models, clock, random, breaker: { openMs }, retry: { budget: retries } }),
    );
    expect(requests.filter(({ outcome }) => outcome !== 'success')).toEqual([]);

    const attempts = requests.flatMap((request) => request.attempts);
    const onPrimary = attempts.filter(({ vendor }) => vendor === 'primary').map(({ startedAt }) => startedAt);
    // Those that came before anything was known all went there, and some of them once more.
    const opened = 1000;
    const probes = onPrimary.filter((at) => at > opened).sort((a, b) => a - b);
    expect(probes.length).toBeGreaterThan(0);
    probes.forEach((at, index) => {
      expect(at - (probes[index - 1] ?? at - openMs)).toBeGreaterThanOrEqual(openMs);
    });
    const again = onPrimary.filter((at) => at <= opened).length - callers;
    expect(again).toBeLessThanOrEqual(retries.floor + retries.ratio * callers);
    expect(attempts.length).toBe(requests.length + callers + again + probes.length);
  });
});
