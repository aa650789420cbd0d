import {
  type CallOptions,
  type ChatEvent,
  type ChatModel,
  type ChatRequest,
  type ChatResponse,
  type Clock,
  createMessage,
  defineModel,
  guardCall,
  ModelError,
  type ModelErrorData,
} from '@loci/core';
import { completeTraits } from '../complete-traits.js';
import type { SimulatedArrival } from './arrivals.js';
import { type Fate, fateOf } from './luck.js';
import type { SimulatedAttempt } from './report.js';
import type { SimulatedRefusal, SimulatedVendor } from './simulated-vendor.js';

/** Where a vendor looks up who asks, and writes down what it did. */
export interface Ledger {
  readonly seed: number;
  readonly clock: Clock;
  arrivalOf(request: ChatRequest): { readonly number: number; readonly arrival: SimulatedArrival };
  /** How often this vendor was asked for this request before. */
  begin(request: number, vendor: string): number | Promise<never>;
  end(request: number, attempt: SimulatedAttempt): void;
}

/** Deltas after the first one, at equal distances; an answer is cut after half of them. */
const deltas = 4;

/** The vendor as a model on the clock of the simulation. It keeps the signal, the deadline and the time-outs of a call. */
export function startVendor(vendor: SimulatedVendor, ledger: Ledger): ChatModel {
  const { name, price = { input: 0n, output: 0n }, refusalMs = 50, contextWindow = 'unknown' } = vendor;
  const { clock } = ledger;
  const admit = createAdmission(vendor, clock);
  let open = 0;

  async function* stream(
    request: ChatRequest,
    options: CallOptions,
  ): AsyncGenerator<ChatEvent, void, undefined> {
    const { number, arrival } = ledger.arrivalOf(request);
    const { inputTokens = 50, outputTokens = 50 } = arrival;
    const startedAt = clock.now();
    const fate = fateOf(
      vendor,
      { seed: ledger.seed, request: number, attempt: await ledger.begin(number, name) },
      startedAt,
    );
    const refusal =
      inputTokens > (vendor.contextWindow ?? Number.POSITIVE_INFINITY)
        ? toError('context-length')
        : (admit(open) ?? (isRefusal(fate.fault) ? toError(fate.fault) : undefined));
    if (!refusal) open++;
    const crowding = Math.max(1, open / (vendor.pace ?? Number.POSITIVE_INFINITY));
    let sent = 0;
    let result: SimulatedAttempt['result'] = 'aborted';
    const guard = guardCall(options, {}, clock);
    try {
      if (refusal) await pause(refusalMs, clock, guard.signal);
      if (guard.failure) throw guard.failure;
      if (refusal) throw refusal;
      guard.headers();
      for await (const text of guard.watch(play(fate, crowding, clock, guard.signal))) {
        if (guard.failure) throw guard.failure;
        guard.event(true);
        sent++;
        yield { type: 'text-delta', partIndex: 0, text };
        if (guard.failure) throw guard.failure;
      }
      if (guard.failure) throw guard.failure;
      result = 'truncated';
      if (fate.fault === 'cut') return;
      result = 'success';
      yield { type: 'finish', response: toResponse(name, inputTokens, outputTokens, clock) };
    } catch (error) {
      result = ModelError.isInstance(error) ? error.kind : 'malformed';
      throw error;
    } finally {
      guard.close();
      if (!refusal) open--;
      const output = Math.round((outputTokens * sent) / (deltas + 1));
      const cost = sent === 0 ? 0n : BigInt(inputTokens) * price.input + BigInt(output) * price.output;
      ledger.end(number, { vendor: name, startedAt, endedAt: clock.now(), result, cost });
    }
  }
  const traits = completeTraits({ contextWindow });
  return defineModel({ provider: 'simulated', modelId: name, traits, stream });
}

/** The text of an answer at its pace. */
async function* play(
  { fault, ...fate }: Fate,
  crowding: number,
  clock: Clock,
  signal: AbortSignal,
): AsyncGenerator<string, void, undefined> {
  const firstContentMs = Math.round(fate.firstContentMs * crowding);
  const latencyMs = Math.round(fate.latencyMs * crowding);
  // Whole milliseconds, which come to the latency in sum.
  const momentOf = (delta: number) =>
    firstContentMs + Math.round(((latencyMs - firstContentMs) * delta) / deltas);
  if (fault === 'silent') await whenAborted(signal);
  await pause(firstContentMs, clock, signal);
  yield 'Some ';
  for (let delta = 1; delta <= deltas; delta++) {
    if (delta > deltas / 2 && fault === 'cut') return;
    if (delta > deltas / 2 && fault === 'stall') await whenAborted(signal);
    await pause(momentOf(delta) - momentOf(delta - 1), clock, signal);
    yield 'text ';
  }
}

/** Why a call that comes now has to go, by the limits of the vendor. */
function createAdmission({ capacity, rate }: SimulatedVendor, clock: Clock) {
  let window = Number.NEGATIVE_INFINITY;
  let calls = 0;
  return (open: number): ModelError | undefined => {
    if (capacity !== undefined && open >= capacity) return toError('rate-limit');
    if (!rate) return undefined;
    const now = clock.now();
    const current = Math.floor(now / rate.perMs);
    if (current !== window) calls = 0;
    window = current;
    if (++calls <= rate.calls) return undefined;
    return toError('rate-limit', { retryAfterMs: (current + 1) * rate.perMs - now });
  };
}

function isRefusal(fault: Fate['fault']): fault is SimulatedRefusal {
  return fault !== undefined && fault !== 'silent' && fault !== 'cut' && fault !== 'stall';
}

const retries: { readonly [kind in SimulatedRefusal]: ModelErrorData['retry'] } = {
  'rate-limit': 'same',
  overloaded: 'same',
  server: 'same',
  connection: 'same',
  quota: 'other',
  auth: 'other',
  'not-found': 'other',
  malformed: 'other',
  'context-length': 'other',
  'content-filter': 'none',
  'invalid-request': 'none',
};
const ofRequest: ReadonlySet<string> = new Set(['context-length', 'content-filter', 'invalid-request']);

function toError(kind: SimulatedRefusal, more: Partial<ModelErrorData> = {}): ModelError {
  const scope = ofRequest.has(kind) ? 'request' : 'model';
  return new ModelError(`The simulated vendor refused: ${kind}.`, {
    kind,
    scope,
    retry: retries[kind],
    ...more,
  });
}

function toResponse(name: string, input: number, output: number, clock: Clock): ChatResponse {
  const content = `Some ${'text '.repeat(deltas)}`;
  return {
    message: createMessage({ id: name, role: 'assistant', content }, { now: clock.now }),
    finishReason: 'stop',
    usage: { input, cacheRead: 0, cacheWrite: 0, output, reasoning: 0 },
    model: { provider: 'simulated', modelId: name },
    warnings: [],
  };
}

function whenAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

/** Resolves when the time is over or the signal aborts, whichever is first. */
async function pause(ms: number, clock: Clock, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  let cancel = () => {};
  await Promise.race([
    new Promise<void>((resolve) => {
      cancel = clock.after(ms, resolve);
    }),
    whenAborted(signal),
  ]);
  cancel();
}
