import type { SimulatedArrival } from './arrivals.js';
import { fateOf } from './luck.js';
import { costOf, type SimulatedRequest, type SimulationReport } from './report.js';
import type { SimulatedVendor } from './simulated-vendor.js';

/** What requests are to be good at. A request that was not answered counts as `penalty` on top. */
export type Aim =
  /** Milliseconds until the answer is complete. */
  | { readonly of: 'latency'; readonly penalty: number }
  /** Picodollars of all attempts; an answer that took more than `withinMs` counts as none. */
  | { readonly of: 'cost'; readonly penalty: number; readonly withinMs: number }
  /** Attempts that failed. */
  | { readonly of: 'failures'; readonly penalty: number };

interface World {
  readonly seed: number;
  readonly vendors: readonly SimulatedVendor[];
  readonly arrivals: readonly SimulatedArrival[];
}

/**
 * The sum over all requests of what was lost beyond the loss of an oracle. The oracle knows what each of the first three
 * tries of a request would come to at every vendor at the time of its arrival, makes only the one with the least loss,
 * and finds no other request in its way: nobody can do as well where vendors fail or are full.
 */
export function regretOf({ requests }: SimulationReport, aim: Aim, world: World): number {
  return requests.reduce((sum, request) => sum + lossOf(request, aim) - leastLoss(request, aim, world), 0);
}

/** What routers make of one model for one request, retries included. */
const tries = [0, 1, 2];

function lossOf(request: SimulatedRequest, aim: Aim): number {
  const ms = request.endedAt - request.startedAt;
  const late = aim.of === 'cost' && ms > aim.withinMs;
  const penalty = request.outcome === 'success' && !late ? 0 : aim.penalty;
  if (aim.of === 'latency') return ms + penalty;
  if (aim.of === 'cost') return Number(costOf(request)) + penalty;
  const failed = request.attempts.filter(({ result }) => result !== 'success' && result !== 'aborted');
  return failed.length + penalty;
}

function leastLoss(
  { number, startedAt }: SimulatedRequest,
  aim: Aim,
  { seed, vendors, arrivals }: World,
): number {
  const { inputTokens = 50, outputTokens = 50 } = arrivals[number] ?? {};
  let least = aim.penalty;
  for (const vendor of vendors) {
    const fates = tries.map((attempt) => fateOf(vendor, { seed, request: number, attempt }, startedAt));
    const latencyMs = fates.find(({ fault }) => !fault)?.latencyMs;
    if (latencyMs === undefined || inputTokens > (vendor.contextWindow ?? Number.POSITIVE_INFINITY)) continue;
    const { input, output } = vendor.price ?? { input: 0n, output: 0n };
    if (aim.of === 'latency') least = Math.min(least, latencyMs);
    else if (aim.of === 'failures') least = 0;
    else if (latencyMs <= aim.withinMs)
      least = Math.min(least, inputTokens * Number(input) + outputTokens * Number(output));
  }
  return least;
}
