import { createRandom } from '../chaos/random.js';
import { poissonMoments, type SimulatedArrival } from './arrivals.js';
import type { Aim } from './regret.js';
import type { SimulatedVendor } from './simulated-vendor.js';

/** A published situation in which strategies are compared. */
export interface SimulationScenario {
  readonly name: string;
  /** What happens, in one sentence. */
  readonly tells: string;
  readonly vendors: readonly [SimulatedVendor, ...SimulatedVendor[]];
  readonly aim: Aim;
  /** @param count Requests. */
  arrivals(seed: number, count: number): readonly SimulatedArrival[];
}

/** Whole US dollars a million tokens. */
const dollars = (input: bigint, output: bigint) => ({
  input: input * 1_000_000n,
  output: output * 1_000_000n,
});

/** Five requests a second on average; of the whole range of sizes that chats have. */
function steadyArrivals(seed: number, count: number): readonly SimulatedArrival[] {
  const random = createRandom(seed);
  return poissonMoments(random, { count, meanGapMs: 200 }).map((atMs) => ({
    atMs,
    inputTokens: 20 + Math.floor(random() * 180),
    outputTokens: 20 + Math.floor(random() * 180),
  }));
}

/** Two requests a second on average, and sixty more within two seconds twice a minute. */
function burstyArrivals(seed: number, count: number): readonly SimulatedArrival[] {
  const random = createRandom(seed);
  const moments: number[] = [];
  for (let fromMs = 0; moments.length < count; fromMs += 30_000) {
    moments.push(...poissonMoments(random, { count: 60, meanGapMs: 500, fromMs }));
    moments.push(...poissonMoments(random, { count: 60, meanGapMs: 33, fromMs: fromMs + 10_000 }));
  }
  return moments
    .sort((a, b) => a - b)
    .slice(0, count)
    .map((atMs) => ({ atMs }));
}

const brownOut: SimulationScenario = {
  name: 'brown-out',
  tells: 'The fastest of three vendors is six times slower and overloaded for one minute in four.',
  vendors: [
    {
      name: 'fast',
      latency: { medianMs: 800, p95Ms: 1600 },
      phases: [
        { fromMs: 0 },
        { fromMs: 60_000, slowness: 6, failing: 0.1, faults: ['overloaded'] },
        { fromMs: 120_000 },
      ],
      repeatMs: 240_000,
    },
    { name: 'steady', latency: { medianMs: 1200, p95Ms: 2000 }, phases: [{ fromMs: 0, failing: 0.01 }] },
    { name: 'slow', latency: { medianMs: 2000, p95Ms: 4000 }, phases: [{ fromMs: 0, failing: 0.01 }] },
  ],
  aim: { of: 'latency', penalty: 30_000 },
  arrivals: steadyArrivals,
};

const cheapAndFlaky: SimulationScenario = {
  name: 'cheap-and-flaky',
  tells: 'The cheapest of three vendors fails one call in five, and all of them for one minute in five.',
  vendors: [
    {
      name: 'dear',
      latency: { medianMs: 1200, p95Ms: 2400 },
      phases: [{ fromMs: 0, failing: 0.001 }],
      price: dollars(3n, 15n),
    },
    {
      name: 'middling',
      latency: { medianMs: 1000, p95Ms: 2500 },
      phases: [{ fromMs: 0, failing: 0.02, faults: ['server', 'cut'] }],
      price: dollars(1n, 5n),
    },
    {
      name: 'cheap',
      latency: { medianMs: 1500, p95Ms: 4000 },
      phases: [
        { fromMs: 0, failing: 0.2, faults: ['server', 'overloaded', 'cut'] },
        { fromMs: 120_000, failing: 1, faults: ['connection'] },
        { fromMs: 180_000, failing: 0.2, faults: ['server', 'overloaded', 'cut'] },
      ],
      repeatMs: 300_000,
      price: { input: 150_000n, output: 600_000n },
    },
  ],
  aim: { of: 'cost', penalty: 50_000_000_000, withinMs: 15_000 },
  // Work in the background: nobody reads along.
  arrivals: (seed, count) => steadyArrivals(seed, count).map((arrival) => ({ ...arrival, streamed: false })),
};

const bursts: SimulationScenario = {
  name: 'bursts',
  tells:
    'Sixty requests come within two seconds twice a minute, more than the faster two of three vendors take.',
  vendors: [
    { name: 'small', latency: { medianMs: 700, p95Ms: 1200 }, capacity: 4 },
    { name: 'limited', latency: { medianMs: 900, p95Ms: 1800 }, rate: { calls: 60, perMs: 60_000 } },
    { name: 'large', latency: { medianMs: 1400, p95Ms: 2800 }, capacity: 60 },
  ],
  aim: { of: 'failures', penalty: 20 },
  arrivals: burstyArrivals,
};

const crowd: SimulationScenario = {
  name: 'crowd',
  tells: 'Sixty requests come within two seconds twice a minute, and all three vendors slow down under them.',
  vendors: [
    { name: 'small', latency: { medianMs: 700, p95Ms: 1200 }, pace: 4, capacity: 12 },
    { name: 'limited', latency: { medianMs: 900, p95Ms: 1800 }, rate: { calls: 60, perMs: 60_000 } },
    { name: 'large', latency: { medianMs: 1400, p95Ms: 2800 }, pace: 30, capacity: 60 },
  ],
  aim: { of: 'latency', penalty: 30_000 },
  arrivals: burstyArrivals,
};

/** By name, each with an aim: the latency of answers, the cost of all attempts, or attempts that fail. */
export const simulationScenarios: {
  readonly [name in 'brownOut' | 'cheapAndFlaky' | 'bursts' | 'crowd']: SimulationScenario;
} = {
  brownOut,
  cheapAndFlaky,
  bursts,
  crowd,
};
