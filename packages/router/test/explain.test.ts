import { describe, expect, it } from 'vitest';
import { type ModelEntry, type RouteError, routeOf } from '../src/index.js';
import { printRoute } from '../src/print.js';
import { ask, createStage, failure, type Stage } from './harness.js';

const price = {
  provider: '',
  modelId: '',
  asOf: '2026-11-01',
  source: 'test',
  input: 2_000_000n,
  output: 5_000_000n,
};
const billed = { input: 100, cacheRead: 0, cacheWrite: 0, output: 0, reasoning: 0 };

function models(stage: Stage): readonly ModelEntry[] {
  return [
    { model: stage.model('blind', [], { features: { images: 'no' } as never }), id: 'blind' },
    {
      model: stage.model('primary', [failure('server', { status: 500, usage: billed })]),
      id: 'primary',
      price,
    },
    { model: stage.model('backup', [{ text: 'one two', delayMs: 10 }]), id: 'backup', price },
  ];
}

describe('[F6] the route of an answer', () => {
  it('names who was asked, why, with what end, after which wait and at what cost', async () => {
    const stage = createStage();
    const router = stage.router({ models: models(stage), require: { features: ['images'] } });
    const response = await stage.generate(router);
    const route = routeOf(response);
    expect(route).toMatchObject({
      call: 1,
      strategy: 'in-order',
      outcome: 'success',
      answeredBy: 'backup',
      ms: 280,
      ranking: [{ id: 'primary' }, { id: 'backup' }],
      excluded: [{ id: 'blind', reason: 'images is required and it says “no”' }],
      attempts: [
        { id: 'primary', why: 'first choice', result: 'server', status: 500, usage: billed, cost: '0.0002' },
        { id: 'primary', why: 'once more after server', result: 'server', atMs: 250 },
        {
          id: 'backup',
          why: 'after primary: server',
          result: 'success',
          firstContentMs: 10,
          cost: '0.000035',
        },
      ],
      waits: [{ atMs: 0, ms: 250, why: 'once more after server' }],
      cost: '0.000435',
    });
    expect(response.usage).toMatchObject({ input: 10, output: 3 });
    expect(JSON.parse(JSON.stringify(response))).toEqual(response);
    expect(router.statistics.of('primary').cost).toBe(400_000_000n);
  });

  it('can be read from an answer that was frozen before anybody looked', async () => {
    const stage = createStage();
    const response = await stage.generate(stage.router({ models: [stage.model('one', ['hello'])] }));
    Object.freeze(response.notes);
    expect(routeOf(response)?.answeredBy).toBe('scripted/one');
    expect(routeOf(response)).toBe(routeOf(response));
  });

  it('prints as lines that read well', async () => {
    const stage = createStage();
    const router = stage.router({ models: models(stage), require: { features: ['images'] } });
    const route = routeOf(await stage.generate(router));
    expect(route && printRoute(route)).toBe(
      [
        'call 1: answered by backup in 280 ms, $0.000435',
        '  order (in-order): primary (order of the list), backup (order of the list)',
        '  left out: blind: images is required and it says “no”',
        '  +0 ms waited 250 ms: once more after server',
        '  +0 ms primary: server (0 ms, status 500, 100 + 0 tokens, $0.0002); first choice',
        '  +250 ms primary: server (0 ms, status 500, 100 + 0 tokens, $0.0002); once more after server',
        '  +250 ms backup: success (30 ms, first content 10 ms, 10 + 3 tokens, $0.000035); after primary: server',
      ].join('\n'),
    );
  });

  it('is on failures, and the scores of a strategy are in it', async () => {
    const stage = createStage();
    const router = stage.router({
      models: [stage.model('a', ['auth']), stage.model('b', ['quota'])],
      optimizeFor: {
        name: 'backwards',
        rank: (candidates) =>
          candidates.map(({ id, position }) => ({ id, score: -1 - position, why: 'just so' })).reverse(),
      },
    });
    const error = (await stage.generate(router).catch((thrown: unknown) => thrown)) as RouteError;
    expect(error.route).toMatchObject({
      strategy: 'backwards',
      outcome: 'quota',
      ranking: [
        { id: 'scripted/b', score: -2, why: 'just so' },
        { id: 'scripted/a', score: -1, why: 'just so' },
      ],
      cost: null,
    });
    expect(printRoute(error.route)).toContain('call 1: failed (quota) in 0 ms, cost unknown');
    expect(error.with({ retryAfterMs: 5 })).toMatchObject({ retryAfterMs: 5, route: error.route });
  });
});

describe('[F6] events', () => {
  it('every attempt, retry, failover and change of health is told, in order and with its reason', async () => {
    const stage = createStage();
    const router = stage.router({
      models: models(stage),
      require: { features: ['images'] },
      breaker: { failures: 2 },
    });
    const start = stage.clock.now();
    await stage.generate(router);
    expect(
      stage.events.map(({ at, ...event }) => [at - start, event.type, 'id' in event ? event.id : '']),
    ).toEqual([
      [0, 'attempt-started', 'primary'],
      [0, 'attempt-failed', 'primary'],
      [0, 'retry', 'primary'],
      [0, 'wait', ''],
      [250, 'attempt-started', 'primary'],
      [250, 'health-changed', 'primary'],
      [250, 'attempt-failed', 'primary'],
      [250, 'failover', ''],
      [250, 'attempt-started', 'backup'],
      [280, 'attempt-succeeded', 'backup'],
      [280, 'route-ended', ''],
    ]);
    expect(stage.events).toContainEqual(
      expect.objectContaining({ type: 'failover', from: 'primary', to: 'backup', kind: 'server' }),
    );
  });

  it('a listener that throws harms nothing', async () => {
    const stage = createStage();
    const router = stage.router({
      models: [stage.model('a', ['server']), stage.model('b', ['b'])],
      onEvent: () => {
        throw new Error('a listener at fault');
      },
    });
    await expect(stage.generate(router)).resolves.toMatchObject({ finishReason: 'stop' });
  });

  it('hold ids and counts, never what was asked or answered', async () => {
    const stage = createStage();
    const router = stage.router({
      models: [stage.model('a', ['server']), stage.model('b', ['SECRET-ANSWER'])],
    });
    const response = await stage.generate(router, {}, ask);
    const told = JSON.stringify([stage.events, routeOf(response)]);
    expect(told).not.toContain('SECRET');
    expect(told).not.toContain('Count to three');
  });
});
