import { type ChatModel, type ChatRequest, type Clock, createMessage, InvalidInputError } from '@loci/core';
import { createRandom } from '../chaos/random.js';
import type { SimulatedArrival } from './arrivals.js';
import { askAs } from './ask-as.js';
import { type Aim, regretOf } from './regret.js';
import type { SimulatedAttempt, SimulatedRequest, SimulationReport } from './report.js';
import type { SimulatedVendor } from './simulated-vendor.js';
import { startVendor } from './start-vendor.js';
import { createVirtualClock } from './virtual-clock.js';

export interface SimulationOptions {
  /** The same seed gives the same luck. A whole number from 0. */
  readonly seed: number;
  /** At least one; names are unique. */
  readonly vendors: readonly [SimulatedVendor, ...SimulatedVendor[]];
  /** At least one. */
  readonly arrivals: readonly SimulatedArrival[];
  /** Calls of vendors for one request; one more fails the run, since something goes round in circles. @default 100 */
  readonly maxAttempts?: number;
}

/** What a model under test is made of. */
export interface SimulationStage {
  /** In the order of the vendors. */
  readonly models: readonly ChatModel[];
  readonly clock: Clock;
  /** Numbers from 0 to 1, the same in each run. */
  readonly random: () => number;
}

export interface Simulation {
  /**
   * Sends all requests to the model that `build` makes of the vendors, each at its time. Every run begins anew: vendors,
   * luck and clock are the same for every model. Resolves when all requests and all calls of vendors have ended; rejects
   * where that does not happen.
   */
  run(build: (stage: SimulationStage) => ChatModel): Promise<SimulationReport>;
  /** How much worse the requests went than an oracle would have sent them; in the unit of the aim. */
  regret(report: SimulationReport, aim: Aim): number;
}

/**
 * A simulation of vendors and requests on a clock that goes from event to event: hours in seconds, the same each time.
 * It is no measurement: vendors answer as their script says. Throws `InvalidInputError` for options that cannot be used.
 *
 * @example
 * const simulation = createSimulation({
 *   seed: 1,
 *   vendors: [{ name: 'fast', latency: { medianMs: 800, p95Ms: 1600 } }],
 *   arrivals: [{ atMs: 0 }, { atMs: 100 }],
 * });
 * const { requests } = await simulation.run(({ models, clock }) => createRouter({ models, clock }));
 */
export function createSimulation(options: SimulationOptions): Simulation {
  const { seed, vendors, arrivals, maxAttempts = 100 } = options;
  if (!Number.isSafeInteger(seed) || seed < 0)
    throw new InvalidInputError('seed', 'is not a whole number from 0');
  if (arrivals.length === 0) throw new InvalidInputError('arrivals', 'is empty');
  if (vendors.length === 0) throw new InvalidInputError('vendors', 'is empty');
  if (new Set(vendors.map(({ name }) => name)).size < vendors.length)
    throw new InvalidInputError('vendors', 'has two of the same name');
  return Object.freeze<Simulation>({
    regret: (report, aim) => regretOf(report, aim, { seed, vendors, arrivals }),
    run: (build) => run(build, { seed, vendors, arrivals, maxAttempts }),
  });
}

async function run(
  build: (stage: SimulationStage) => ChatModel,
  { seed, vendors, arrivals, maxAttempts }: Required<SimulationOptions>,
): Promise<SimulationReport> {
  const clock = createVirtualClock();
  const attempts: SimulatedAttempt[][] = arrivals.map(() => []);
  const begun = arrivals.map(() => new Map<string, number>());
  const numbers = new Map<string, number>();
  let open = 0;
  let failure: Error | undefined;
  const fail = (message: string): never => {
    failure ??= new Error(message);
    throw failure;
  };
  const ledger = {
    seed,
    clock,
    arrivalOf({ messages }: ChatRequest) {
      const number =
        numbers.get(messages[0]?.id ?? '') ?? fail('A vendor was asked something that no request asked.');
      return { number, arrival: arrivals[number] ?? fail(`There is no request ${number}.`) };
    },
    begin(request: number, vendor: string) {
      const counts = begun[request];
      const before = counts?.get(vendor) ?? 0;
      counts?.set(vendor, before + 1);
      open++;
      if (before < maxAttempts) return before;
      failure ??= new Error(`Request ${request} came to ${vendor} more than ${maxAttempts} times.`);
      // A failure might send the model round once more, without end.
      return new Promise<never>(() => {});
    },
    end(request: number, attempt: SimulatedAttempt) {
      open--;
      attempts[request]?.push(attempt);
    },
  };
  const models = vendors.map((vendor) => startVendor(vendor, ledger));
  const model = build({ models, clock, random: createRandom(seed) });
  const requests: SimulatedRequest[] = [];
  for (const [number, arrival] of arrivals.entries()) {
    const id = `request-${number}`;
    numbers.set(id, number);
    clock.after(arrival.atMs, () => {
      const content = 'word '.repeat(arrival.inputTokens ?? 50);
      const messages = [createMessage({ id, role: 'user', content, createdAt: clock.now() })];
      const request = { messages, maxOutputTokens: arrival.outputTokens ?? 50 };
      askAs(arrival, model, request, clock).then(
        (outcome) => requests.push({ ...outcome, number, attempts: attempts[number] ?? [] }),
        (error: unknown) => {
          failure ??= error instanceof Error ? error : new Error(String(error));
        },
      );
    });
  }
  const over = () => failure !== undefined || (requests.length === arrivals.length && open === 0);
  await clock.play(over, arrivals.length * 1000);
  if (failure) throw failure;
  return { requests: requests.toSorted((a, b) => a.number - b.number), endedAt: clock.now() };
}
