import { describe, expect, it } from 'vitest';
import { routeOf } from '../src/index.js';
import { answerOf, createStage } from './harness.js';

const strategies = [
  'in-order',
  'reliability',
  'performance',
  'cost',
  'round-robin',
  'random',
  'weighted',
] as const;
const price = {
  provider: 'scripted',
  modelId: '',
  asOf: '2026-11-01',
  source: 'test',
  input: 1n,
  output: 1n,
};

describe('[F1] the backup answers where the primary is down', () => {
  for (const optimizeFor of strategies)
    it(`under ${optimizeFor}, as the very first call and ever after`, async () => {
      const stage = createStage();
      const router = stage.router({
        models: [
          { model: stage.model('primary', ['server']), price },
          { model: stage.model('backup', ['of the backup']), price },
        ],
        optimizeFor,
      });
      for (let call = 0; call < 10; call++) {
        const response = await stage.generate(router);
        expect(answerOf(response)).toBe('of the backup');
        expect(response.model).toMatchObject({ provider: 'scripted', modelId: 'backup' });
      }
      expect(router.statistics.of('scripted/backup').successes).toBe(10);
    });

  it('with models given by name, looked up in the registry that was passed in', async () => {
    const stage = createStage();
    const router = stage.router({
      models: ['fast', { model: 'good', id: 'second' }],
      registry: {
        fast: stage.model('fast', ['overloaded']),
        good: () => stage.model('good', ['of the good one']),
      },
    });
    expect(answerOf(await stage.generate(router))).toBe('of the good one');
    expect(router.ids).toEqual(['fast', 'second']);
  });

  it('in the order of the list, and fallbacks only where no model is left', async () => {
    const stage = createStage();
    const router = stage.router({
      models: [stage.model('a', ['auth']), stage.model('b', ['not-found'])],
      fallbacks: [stage.model('c', ['quota']), stage.model('d', ['of d'])],
      optimizeFor: 'random',
    });
    const response = await stage.generate(router);
    expect(answerOf(response)).toBe('of d');
    const asked = routeOf(response)?.attempts.map(({ id }) => id) ?? [];
    expect(asked.slice(0, 2).sort()).toEqual(['scripted/a', 'scripted/b']);
    expect(asked.slice(2)).toEqual(['scripted/c', 'scripted/d']);
  });
});

it('calls that run at once have plans of their own: with one model down none of them fails, and no failure pins the others', async () => {
  const stage = createStage();
  const [a, b, c] = [stage.model('a', ['server']), stage.model('b', ['of b']), stage.model('c', ['of c'])];
  const router = stage.router({ models: [a, b, c] });
  const answers = await stage.play(Promise.all([1, 2, 3].map(() => router.generate({ messages: [] }))));
  expect(answers.map(answerOf)).toEqual(['of b', 'of b', 'of b']);

  const once = stage.model('once', ['server', 'server', 'well again']);
  const transient = stage.router({ models: [once, b] });
  expect(answerOf(await stage.generate(transient))).toBe('of b');
  expect(answerOf(await stage.generate(transient))).toBe('well again');
});
