import { describe, expect, it } from 'vitest';
import { createBudget, createShaper } from '../src/budget.js';
import { routeOf } from '../src/index.js';
import { answerOf, ask, createStage } from './harness.js';

const price = (input: bigint) => ({
  provider: '',
  modelId: '',
  asOf: '2026-11-01',
  source: 'test',
  input,
  output: input,
});
const request = { ...ask, maxOutputTokens: 10 };

describe('a budget', () => {
  it('is reserved before and settled after; a model that is too dear is left out and a cheaper one asked', async () => {
    const stage = createStage();
    const budget = createBudget({ limit: 1000n, clock: stage.clock });
    const dear = stage.model('dear', ['dear']);
    const router = stage.router({
      models: [
        { model: dear, price: price(1000n) },
        { model: stage.model('cheap', ['cheap']), price: price(2n) },
      ],
      budget,
    });
    const response = await stage.generate(router, {}, request);
    expect(answerOf(response)).toBe('cheap');
    expect(routeOf(response)?.excluded).toMatchObject(
      [{ id: 'scripted/dear', reason: /budget/ }].map(() => ({ id: 'scripted/dear' })),
    );
    expect(budget.state()).toMatchObject({ spent: 26n, reserved: 0n });
    expect(dear.requests).toHaveLength(0);
    expect(stage.events).toContainEqual(
      expect.objectContaining({ type: 'budget-refused', id: 'scripted/dear', reason: 'limit' }),
    );
  });

  it('used up, the failure says when it is renewed', async () => {
    const stage = createStage();
    const budget = createBudget({ limit: 1n, per: 60_000, clock: stage.clock });
    const router = stage.router({ models: [{ model: stage.model('a', ['a']), price: price(1n) }], budget });
    await expect(stage.generate(router, {}, request)).rejects.toMatchObject({
      kind: 'quota',
      retryAfterMs: 60_000,
      cause: { code: 'BUDGET' },
      route: { attempts: [] },
    });
  });

  it('a refusal is not billed; what nobody knows is billed as reserved', async () => {
    const stage = createStage();
    const budget = createBudget({ limit: 1_000_000n, clock: stage.clock });
    const router = stage.router({
      models: [
        { model: stage.model('refuses', ['auth']), price: price(1n) },
        { model: stage.model('silent', ['silent']), price: price(1n) },
        { model: stage.model('answers', ['yes']), price: price(1n) },
      ],
      budget,
    });
    await stage.generate(router, { timeouts: { firstContentMs: 100 } }, request);
    const { spent, reserved } = budget.state();
    expect(reserved).toBe(0n);
    expect(spent).toBeGreaterThan(13n + 10n);
    expect(spent).toBeLessThan(13n + 40n);
  });
});

describe('a shaper', () => {
  it('a model whose rate is used up counts as paused: others answer, and where there is none it is waited for', async () => {
    const stage = createStage();
    const limits = { 'scripted/a': { requestsPerMinute: 2 } };
    const a = stage.model('a', ['a']);
    const both = stage.router({
      models: [a, stage.model('b', ['b'])],
      shaper: createShaper({ limits, clock: stage.clock }),
    });
    const answers = [];
    for (let call = 0; call < 3; call++) answers.push(answerOf(await stage.generate(both)));
    expect(answers).toEqual(['a', 'a', 'b']);
    const alone = stage.router({ models: [a], shaper: createShaper({ limits, clock: stage.clock }) });
    const start = stage.clock.now();
    for (let call = 0; call < 3; call++) await stage.generate(alone);
    expect(stage.clock.now() - start).toBe(30_000);
  });
});
