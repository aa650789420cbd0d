import { type ChatModel, collectStream, defineModel, InvalidInputError } from '@loci/core';
import { describe, expect, it } from 'vitest';
import {
  anySimulation,
  createSimulation,
  findFaults,
  poissonMoments,
  type SimulatedArrival,
  type SimulatedVendor,
  type SimulationStage,
  simulationScenarios,
} from '../simulator.js';

const steady: SimulatedVendor = { name: 'steady', latency: { medianMs: 1000, p95Ms: 1000 } };
const first = ({ models }: SimulationStage): ChatModel => models[0] as ChatModel;
/** The first vendor, with the time-outs that a provider has. */
const guarded = ({ models }: SimulationStage): ChatModel => {
  const model = models[0] as ChatModel;
  const timeouts = { firstContentMs: 30_000, idleMs: 10_000 };
  return defineModel({
    ...model,
    stream: (request, options) => model.stream(request, { timeouts, ...options }),
  });
};
const alone = (vendor: Partial<SimulatedVendor>, arrivals: readonly SimulatedArrival[] = [{ atMs: 0 }]) =>
  createSimulation({ seed: 1, vendors: [{ ...steady, ...vendor }], arrivals }).run(first);

describe('createSimulation', () => {
  it('plays requests at their times, at the pace of the vendor, and takes no time for it', async () => {
    const { requests, endedAt } = await alone({}, [{ atMs: 0 }, { atMs: 3_600_000, streamed: false }]);
    expect(requests).toMatchObject([
      {
        number: 0,
        startedAt: 0,
        endedAt: 1000,
        outcome: 'success',
        ends: 1,
        answeredBy: 'steady',
        firstContentMs: 333,
      },
      { number: 1, startedAt: 3_600_000, endedAt: 3_601_000, outcome: 'success', ends: 1 },
    ]);
    expect(endedAt).toBe(3_601_000);
  });

  it('draws latencies of which half are below the median and one in twenty above the 95th percentile', async () => {
    const arrivals = Array.from({ length: 2000 }, (_, index) => ({ atMs: index * 10 }));
    const { requests } = await alone({ latency: { medianMs: 500, p95Ms: 2000 } }, arrivals);
    const share = (ms: number) =>
      requests.filter(({ startedAt, endedAt }) => endedAt - startedAt > ms).length / 2000;
    expect(share(500)).toBeCloseTo(0.5, 1);
    expect(share(2000)).toBeGreaterThan(0.035);
    expect(share(2000)).toBeLessThan(0.065);
  });

  it('goes through the phases of a vendor, over and over', async () => {
    const phases = [{ fromMs: 0 }, { fromMs: 10_000, slowness: 3 }, { fromMs: 20_000, failing: 1 }];
    const arrivals = [5_000, 15_000, 25_000, 35_000].map((atMs) => ({ atMs }));
    const { requests } = await alone({ phases, repeatMs: 30_000 }, arrivals);
    expect(requests.map(({ startedAt, endedAt, outcome }) => [outcome, endedAt - startedAt])).toEqual([
      ['success', 1000],
      ['success', 3000],
      ['server', 50],
      ['success', 1000],
    ]);
  });

  it.each([
    ['rate-limit', 'rate-limit', 50],
    ['auth', 'auth', 50],
    ['cut', 'truncated', 667],
    ['silent', 'deadline', 5000],
    ['stall', 'deadline', 5000],
  ] as const)('fails as `%s` says: %s after %i ms', async (fault, outcome, ms) => {
    const { requests } = await alone({ phases: [{ fromMs: 0, failing: 1, faults: [fault] }] }, [
      { atMs: 0, deadlineMs: 5000 },
    ]);
    expect(requests[0]).toMatchObject({ outcome, ends: 1 });
    expect(requests[0]?.endedAt).toBe(ms);
  });

  it('refuses what is beyond the capacity, the rate and the window of a vendor', async () => {
    const arrivals = [0, 10, 20].map((atMs) => ({ atMs }));
    const outcomes = async (vendor: Partial<SimulatedVendor>) =>
      (await alone(vendor, arrivals)).requests.map(({ outcome }) => outcome);
    expect(await outcomes({ capacity: 2 })).toEqual(['success', 'success', 'rate-limit']);
    expect(await outcomes({ rate: { calls: 1, perMs: 20 } })).toEqual(['success', 'rate-limit', 'success']);
    expect(await outcomes({ contextWindow: 49 })).toEqual(Array(3).fill('context-length'));
  });

  it('slows down under more calls than it answers at its pace', async () => {
    const { requests } = await alone({ pace: 1 }, [{ atMs: 0 }, { atMs: 100 }]);
    expect(requests.map(({ startedAt, endedAt }) => endedAt - startedAt)).toEqual([1000, 2000]);
  });

  it('counts what each call costs, the part of an answer that was given up too, and a refusal as nothing', async () => {
    const price = { input: 100n, output: 1000n };
    const arrivals = [{ atMs: 0, inputTokens: 10, outputTokens: 100 }];
    const costs = async (vendor: Partial<SimulatedVendor>, more: Partial<SimulatedArrival> = {}) =>
      (
        await alone(
          { price, ...vendor },
          arrivals.map((arrival) => ({ ...arrival, ...more })),
        )
      ).requests.map(({ attempts }) => attempts.map(({ cost }) => cost));
    expect(await costs({})).toEqual([[101_000n]]);
    expect(await costs({}, { abortMs: 400 })).toEqual([[21_000n]]);
    expect(await costs({ phases: [{ fromMs: 0, failing: 1 }] })).toEqual([[0n]]);
  });

  it('gives every model the same luck, and the same model the same report', async () => {
    const simulation = createSimulation(anySimulation(7, 200));
    const report = await simulation.run(guarded);
    expect(await simulation.run(guarded)).toEqual(report);
    const other = await createSimulation(anySimulation(8, 200)).run(guarded);
    expect(other).not.toEqual(report);
  });

  it('fails the run of a model that never ends, that goes round in circles, or that fails in its own way', async () => {
    const simulation = createSimulation({ seed: 1, vendors: [steady], arrivals: [{ atMs: 0 }] });
    const asking = (ask: (model: ChatModel, ...call: Parameters<ChatModel['stream']>) => Promise<never>) =>
      simulation.run((stage) => {
        const model = first(stage);
        return defineModel({
          ...model,
          async *stream(request, options) {
            yield await ask(model, request, options);
          },
        });
      });
    await expect(asking(() => new Promise(() => {}))).rejects.toThrow('waits for nothing');
    await expect(asking(() => Promise.reject(new InvalidInputError('path', 'is odd')))).rejects.toThrow(
      'is odd',
    );
    const circling = asking(async (model, request, options) => {
      for (;;) await collectStream(model.stream(request, options)).catch(() => {});
    });
    await expect(circling).rejects.toThrow('more than 100 times');
  });

  it('refuses options that cannot be used', () => {
    const make = (options: object) => () =>
      createSimulation({ seed: 1, vendors: [steady], arrivals: [{ atMs: 0 }], ...options });
    expect(make({ seed: -1 })).toThrow('seed');
    expect(make({ vendors: [] })).toThrow('vendors');
    expect(make({ vendors: [steady, steady] })).toThrow('same name');
    expect(make({ arrivals: [] })).toThrow('arrivals');
  });
});

describe('regret', () => {
  const fast: SimulatedVendor = {
    name: 'fast',
    latency: { medianMs: 500, p95Ms: 500 },
    price: { input: 2n, output: 2n },
  };
  const cheap: SimulatedVendor = { ...steady, name: 'cheap', price: { input: 1n, output: 1n } };
  const world = (vendor: Partial<SimulatedVendor> = {}) =>
    createSimulation({
      seed: 1,
      vendors: [{ ...fast, ...vendor }, cheap],
      arrivals: [{ atMs: 0 }, { atMs: 5000 }],
    });
  const asking =
    (index: number) =>
    ({ models }: SimulationStage) =>
      models[index] as ChatModel;

  it('is what was lost beyond the best vendor for each request', async () => {
    const simulation = world();
    const [onFast, onCheap] = [await simulation.run(asking(0)), await simulation.run(asking(1))];
    expect(simulation.regret(onFast, { of: 'latency', penalty: 9000 })).toBe(0);
    expect(simulation.regret(onCheap, { of: 'latency', penalty: 9000 })).toBe(1000);
    expect(simulation.regret(onFast, { of: 'cost', penalty: 9000, withinMs: 2000 })).toBe(200);
    expect(simulation.regret(onCheap, { of: 'cost', penalty: 9000, withinMs: 2000 })).toBe(0);
    expect(simulation.regret(onCheap, { of: 'cost', penalty: 9000, withinMs: 800 })).toBe(
      2 * (9000 + 100 - 200),
    );
  });

  it('adds the penalty of a request that was not answered, and knows who would have answered it', async () => {
    const simulation = world({ phases: [{ fromMs: 0, failing: 1 }] });
    const report = await simulation.run(asking(0));
    expect(simulation.regret(report, { of: 'latency', penalty: 9000 })).toBe(2 * (50 + 9000 - 1000));
    expect(simulation.regret(report, { of: 'failures', penalty: 9 })).toBe(2 * (1 + 9));
  });

  it('is none where nobody would have answered and no time was lost', async () => {
    const simulation = createSimulation({
      seed: 1,
      vendors: [{ ...fast, refusalMs: 0, phases: [{ fromMs: 0, failing: 1 }] }],
      arrivals: [{ atMs: 0 }],
    });
    expect(simulation.regret(await simulation.run(asking(0)), { of: 'latency', penalty: 9000 })).toBe(0);
  });
});

describe('findFaults', () => {
  it('finds a call after the deadline, after the abort and after the end, one that is left open, and two ends', () => {
    const attempt = { vendor: 'steady', startedAt: 300, endedAt: 1300, result: 'success', cost: 0n } as const;
    const request = {
      number: 0,
      startedAt: 0,
      endedAt: 0,
      outcome: 'success',
      ends: 2,
      answeredBy: 'steady',
      firstContentMs: undefined,
    } as const;
    const arrivals = [{ atMs: 0, deadlineMs: 100, abortMs: 200 }];
    const faultsOf = (...attempts: readonly (typeof attempt)[]) =>
      findFaults({ requests: [{ ...request, attempts }], endedAt: 2000 }, arrivals);
    expect(faultsOf(attempt)).toEqual([
      'Request 0 ended 2 times.',
      'Request 0 asked steady at 300, and its abort was at 200.',
      'Request 0 asked steady at 300, and its deadline was at 100.',
      'Request 0 asked steady at 300, after its end at 0.',
      'Request 0 left its call of steady open until 1300, after its end at 0.',
    ]);
    expect(faultsOf()).toContain('Request 0 was answered by no vendor.');
  });

  it('finds nothing in what well-behaved vendors do by themselves', async () => {
    const options = anySimulation(3, 300);
    expect(findFaults(await createSimulation(options).run(guarded), options.arrivals)).toEqual([]);
  });
});

it('publishes scenarios that can be played, whose oracle loses nothing', async () => {
  for (const { vendors, arrivals, aim } of Object.values(simulationScenarios)) {
    const simulation = createSimulation({ seed: 1, vendors, arrivals: arrivals(1, 300) });
    const report = await simulation.run(first);
    expect(report.requests).toHaveLength(300);
    expect(simulation.regret(report, aim)).toBeGreaterThan(0);
  }
});

it('spreads arrivals as a Poisson process does', () => {
  let state = 1;
  const random = () => {
    state = (state * 16_807) % 2_147_483_647;
    return state / 2_147_483_647;
  };
  const moments = poissonMoments(random, { count: 2000, meanGapMs: 100, fromMs: 5000 });
  expect(moments).toEqual(moments.toSorted((a, b) => a - b));
  expect(moments[0]).toBeGreaterThanOrEqual(5000);
  expect((moments.at(-1) ?? 0) / 2000).toBeCloseTo(102, -1);
});
