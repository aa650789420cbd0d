import { createRandom } from '../chaos/random.js';
import { phaseAt, type SimulatedFault, type SimulatedVendor, type Spread } from './simulated-vendor.js';

/** What becomes of one call, if the vendor has room for it. Times are milliseconds from the call. */
export interface Fate {
  readonly fault: SimulatedFault | undefined;
  readonly firstContentMs: number;
  readonly latencyMs: number;
}

/**
 * The fate of a call is that of its request at this vendor: whoever asks, in whatever order, has the same luck. An
 * answer takes equally long each time; whether it fails is drawn for each attempt.
 */
export function fateOf(
  vendor: SimulatedVendor,
  { seed, request, attempt }: { readonly seed: number; readonly request: number; readonly attempt: number },
  ms: number,
): Fate {
  const { slowness = 1, failing = 0, faults = ['server'] } = phaseAt(vendor, ms);
  const pace = createRandom(hash(`${seed}/${request}/${vendor.name}`));
  const latency = draw(vendor.latency, pace);
  const first = vendor.firstContent ? Math.min(draw(vendor.firstContent, pace), latency) : latency / 3;
  const chance = createRandom(hash(`${seed}/${request}/${vendor.name}/${attempt}`));
  const fails = chance() < failing;
  return {
    fault: fails ? faults[Math.floor(chance() * faults.length)] : undefined,
    firstContentMs: Math.round(first * slowness),
    latencyMs: Math.round(latency * slowness),
  };
}

/** The 95th percentile of a standard normal distribution. */
const z95 = 1.6449;

function draw({ medianMs, p95Ms }: Spread, random: () => number): number {
  // Box and Muller, Annals of Mathematical Statistics 29(2), 1958; `random` may answer 0, but never 1.
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return medianMs * (p95Ms / medianMs) ** (normal / z95);
}

/** FNV-1a. */
function hash(text: string): number {
  let hashed = 0x811c9dc5;
  for (let index = 0; index < text.length; index++)
    hashed = Math.imul(hashed ^ text.charCodeAt(index), 0x01000193);
  return hashed >>> 0;
}
