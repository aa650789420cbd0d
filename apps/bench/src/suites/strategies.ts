import { createRouter, type RouterOptions } from '@loci/router';
import {
  createSimulation,
  latencyAveraging,
  type SimulationScenario,
  simulationScenarios,
} from '@loci/testing/simulator';
import type { Check, Row, Suite } from '../suite.js';

const seeds = [1, 2, 3, 4];
const requests = 3000;
const peers = ['round-robin', 'latency-averaging'] as const;
const own = ['in-order', 'random', 'performance', 'reliability', 'cost'] as const;
type Contestant = (typeof peers)[number] | (typeof own)[number];

const { brownOut, cheapAndFlaky, bursts, crowd } = simulationScenarios;
/** Each with the strategy that is meant for its aim. */
const promised: readonly (readonly [SimulationScenario, Contestant])[] = [
  [brownOut, 'performance'],
  [cheapAndFlaky, 'cost'],
  [bursts, 'reliability'],
];

export const strategies: Suite = {
  name: 'strategies',
  measures:
    'regret of the strategies against an oracle, in simulations, beside round robin and latency averaging',
  async run({ progress }) {
    const rows: Row[] = [];
    const checks: Check[] = [];
    // Nothing is promised of the last one: no strategy knows how many calls a vendor takes at its pace.
    for (const [scenario, meant] of [...promised, [crowd, undefined] as const]) {
      const regrets = new Map<Contestant, number>();
      for (const contestant of [...peers, ...own]) {
        progress(`${scenario.name}, ${contestant}`);
        const played = await play(scenario, contestant);
        regrets.set(contestant, played.regret);
        const ofPeer = (peer: Contestant) => played.regret / (regrets.get(peer) ?? Number.NaN);
        rows.push({
          table: `${scenario.name}, regret in ${scenario.aim.of}: ${scenario.tells}`,
          strategy: contestant === meant ? `${contestant} (meant for it)` : contestant,
          'of round robin': ofPeer('round-robin'),
          'of latency averaging': contestant === 'round-robin' ? '' : ofPeer('latency-averaging'),
          'not answered': played.unanswered,
          'failed attempts': played.failures,
          'mean ms': played.meanMs,
        });
        if (contestant === meant)
          for (const peer of peers)
            checks.push({
              id: `strategies/${scenario.name}/${meant}/${peer}`,
              value: ofPeer(peer),
              limit: 1,
              unit: 'ratio',
            });
      }
    }
    return { rows, checks };
  },
};

async function play({ vendors, arrivals, aim }: SimulationScenario, contestant: Contestant) {
  const sums = { regret: 0, unanswered: 0, failures: 0, meanMs: 0 };
  for (const seed of seeds) {
    const simulation = createSimulation({ seed, vendors, arrivals: arrivals(seed, requests) });
    const report = await simulation.run(({ models, clock, random }) => {
      const averaging = latencyAveraging();
      const router = createRouter({
        models: models.map((model, index) => {
          const rates = vendors[index]?.price;
          const about = {
            provider: model.provider,
            modelId: model.modelId,
            asOf: '2026-11-01',
            source: 'script',
          };
          return rates ? { model, price: { ...about, ...rates } } : model;
        }),
        optimizeFor: toStrategy(contestant, averaging),
        clock,
        random,
      });
      router.statistics.subscribe(averaging.record);
      return router;
    });
    sums.regret += simulation.regret(report, aim);
    for (const { outcome, attempts, startedAt, endedAt } of report.requests) {
      if (outcome !== 'success') sums.unanswered++;
      sums.failures += attempts.filter(({ result }) => result !== 'success' && result !== 'aborted').length;
      sums.meanMs += (endedAt - startedAt) / (requests * seeds.length);
    }
  }
  return sums;
}

function toStrategy(
  contestant: Contestant,
  averaging: ReturnType<typeof latencyAveraging>,
): NonNullable<RouterOptions['optimizeFor']> {
  return contestant === 'latency-averaging' ? averaging : contestant;
}
