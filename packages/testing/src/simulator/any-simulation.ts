import { createRandom } from '../chaos/random.js';
import { pick } from '../conversations/pick.js';
import { poissonMoments } from './arrivals.js';
import type { SimulationOptions } from './create-simulation.js';
import type { SimulatedFault, SimulatedPhase, SimulatedVendor } from './simulated-vendor.js';

const faults: readonly SimulatedFault[] = [
  'rate-limit',
  'overloaded',
  'server',
  'connection',
  'quota',
  'auth',
  'not-found',
  'malformed',
  'context-length',
  'content-filter',
  'invalid-request',
  'silent',
  'cut',
  'stall',
];

/**
 * Vendors that fail in every way at random moments, and callers who give up, have deadlines, stream and do not; the
 * same for the same seed.
 */
export function anySimulation(seed: number, requests: number): SimulationOptions {
  const random = createRandom(seed);
  const whole = (from: number, to: number) => from + Math.floor(random() * (to - from));
  const meanGapMs = whole(20, 400);
  const endMs = meanGapMs * requests;
  const phase = (fromMs: number): SimulatedPhase => ({
    fromMs,
    slowness: pick(random, [1, 1, 1, 3, 10]),
    failing: pick(random, [0, 0, 0.1, 0.5, 1]),
    faults: [pick(random, faults), pick(random, faults)],
  });
  const vendor = (name: string): SimulatedVendor => {
    const medianMs = whole(100, 3000);
    return {
      name,
      latency: { medianMs, p95Ms: medianMs * 2 },
      phases: Array.from({ length: whole(2, 10) }, () => whole(0, endMs))
        .sort((a, b) => a - b)
        .map(phase),
      price: { input: BigInt(whole(100_000, 5_000_000)), output: BigInt(whole(100_000, 20_000_000)) },
      ...(random() < 0.3 && { pace: whole(1, 20) }),
      ...(random() < 0.3 && { capacity: whole(2, 30) }),
      ...(random() < 0.3 && { rate: { calls: whole(10, 200), perMs: 10_000 } }),
    };
  };
  return {
    seed,
    vendors: [vendor('first'), vendor('second'), vendor('third')],
    arrivals: poissonMoments(random, { count: requests, meanGapMs }).map((atMs) => ({
      atMs,
      inputTokens: whole(10, 200),
      outputTokens: whole(10, 200),
      streamed: random() < 0.5,
      ...(random() < 0.2 && { deadlineMs: whole(0, 10_000) }),
      ...(random() < 0.2 && { abortMs: whole(0, 10_000) }),
      ...(random() < 0.5 && { accepts: ['restart'] as const }),
    })),
  };
}
