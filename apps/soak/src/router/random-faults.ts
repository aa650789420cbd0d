import { createHash } from 'node:crypto';
import { createRouter, type RouterEvent, type RouterOptions } from '@loci/router';
import { anySimulation, createSimulation, findFaults } from '@loci/testing/simulator';

const settings: readonly Partial<RouterOptions>[] = [
  {},
  { optimizeFor: 'performance', afterContent: 'restart', hedge: { afterMs: 1000 } },
  { optimizeFor: 'reliability', afterContent: 'continue', failover: { contentFilter: true } },
  { optimizeFor: 'cost', hedge: { afterMs: 'p95' } },
  { optimizeFor: 'round-robin', maxAttempts: 3, maxWaitMs: 5000 },
];

/**
 * Plays so many requests under random faults, twice. Throws where something was decided differently the second time,
 * where a request did not end exactly once, and where a vendor was asked after the deadline, the abort or the end.
 */
export async function playRandomFaults(seed: number, requests: number) {
  const options = anySimulation(seed, requests);
  const simulation = createSimulation(options);
  const play = async () => {
    const log = createHash('sha256');
    let decisions = 0;
    const report = await simulation.run(({ models, clock, random }) =>
      createRouter({
        models,
        clock,
        random,
        onEvent: (event: RouterEvent) => {
          decisions++;
          log.update(JSON.stringify(event));
        },
        ...settings[seed % settings.length],
      }),
    );
    return { report, decisions, log: log.digest('hex') };
  };
  const { report, decisions, log } = await play();
  const [fault] = findFaults(report, options.arrivals);
  if (fault !== undefined) throw new Error(`Simulation ${seed}: ${fault}`);
  const again = await play();
  if (again.log !== log) throw new Error(`Simulation ${seed} was decided differently the second time.`);
  const attempts = report.requests.reduce((sum, request) => sum + request.attempts.length, 0);
  return { decisions, attempts };
}
