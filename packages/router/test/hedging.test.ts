import { type ChatEvent, defineModel, ModelError } from '@loci/core';
import { scriptedModel } from '@loci/testing';
import { describe, expect, it } from 'vitest';
import { routeOf } from '../src/index.js';
import { answerOf, ask, createStage, failure, type Stage } from './harness.js';

const price = { provider: '', modelId: '', asOf: '2026-11-01', source: 'test', input: 1n, output: 1n };
const usage = { input: 10, cacheRead: 0, cacheWrite: 0, output: 1, reasoning: 0 };

/** A model without content for as long as it is let, which takes its time to close and then says what it used. */
function slowToClose(stage: Stage, closeMs: number) {
  const state = { open: 0 };
  const model = defineModel({
    provider: 'example',
    modelId: 'slow',
    traits: scriptedModel([]).traits,
    async *stream(_, { signal }): AsyncGenerator<ChatEvent> {
      state.open++;
      await new Promise((resolve) => signal?.addEventListener('abort', resolve));
      await new Promise<void>((resolve) => void stage.clock.after(closeMs, resolve));
      state.open--;
      throw new ModelError('Stopped.', { kind: 'aborted', scope: 'request', retry: 'none', usage });
    },
  });
  return { model, state };
}

describe('hedging', () => {
  for (const way of ['streamed', 'whole'] as const)
    it(`a slow first content: the second answers, the first is closed before the answer ends (${way})`, async () => {
      const stage = createStage();
      const { model, state } = slowToClose(stage, 100);
      const router = stage.router({
        models: [{ model, price }, stage.model('second', ['of the second'])],
        hedge: { afterMs: 800 },
      });
      const start = stage.clock.now();
      if (way === 'streamed') expect((await stage.read(router)).text).toBe('of the second');
      else {
        const response = await stage.generate(router);
        expect(answerOf(response)).toBe('of the second');
        expect(routeOf(response)?.attempts).toMatchObject([
          { id: 'example/slow', result: 'cancelled', usage, cost: '0.000000000011' },
          { id: 'scripted/second', result: 'success', atMs: 800, why: expect.stringContaining('hedge') },
        ]);
      }
      expect(stage.clock.now() - start).toBe(900);
      expect(state.open).toBe(0);
      expect(router.statistics.of('example/slow')).toMatchObject({ cancelled: 1, inFlight: 0, usage });
      expect(stage.events).toContainEqual(
        expect.objectContaining({ type: 'hedge', slow: 'example/slow', id: 'scripted/second' }),
      );
      expect(stage.clock.pending()).toEqual([]);
    });

  it('the first may still win, and a quick answer is not hedged', async () => {
    const stage = createStage();
    const second = stage.model('second', ['silent']);
    const first = stage.model('first', [
      { text: 'first', delayMs: 500 },
      { text: 'quick', delayMs: 90 },
    ]);
    const router = stage.router({ models: [first, second], hedge: { afterMs: 200 } });
    expect(answerOf(await stage.generate(router))).toBe('first');
    expect(answerOf(await stage.generate(router))).toBe('quick');
    expect(second.requests).toHaveLength(1);
    expect(router.statistics.of('scripted/second').cancelled).toBe(1);
  });

  it('one that fails leaves the other to answer', async () => {
    const stage = createStage();
    const first = stage.model('first', [{ ...failure('server'), delayMs: 300 }]);
    const router = stage.router({
      models: [first, stage.model('second', [{ text: 'second', delayMs: 400 }])],
      hedge: { afterMs: 200 },
    });
    expect((await stage.read(router)).text).toBe('second');
    const both = stage.router({
      models: [first, stage.model('second', ['auth']), stage.model('third', ['third'])],
      hedge: { afterMs: 200 },
    });
    expect((await stage.read(both)).text).toBe('third');
  });

  it('p95 waits for as long as 95 % of the answers took, once enough are known', async () => {
    const stage = createStage();
    const turns = [...Array.from({ length: 20 }, () => ({ text: 'ok', delayMs: 100 })), 'silent' as const];
    const router = stage.router({
      models: [stage.model('first', turns), stage.model('second', ['second'])],
      hedge: { afterMs: 'p95' },
    });
    for (let call = 0; call < 20; call++) expect(answerOf(await stage.generate(router))).toBe('ok');
    const start = stage.clock.now();
    expect(answerOf(await stage.generate(router))).toBe('second');
    expect(stage.clock.now() - start).toBeGreaterThan(95);
    expect(stage.clock.now() - start).toBeLessThan(105);
  });

  it('not above the ceiling, without a known price, with an empty retry budget, or past maxAttempts', async () => {
    const stage = createStage();
    const second = stage.model('second', ['second']);
    const slow = stage.model('slow', [{ text: 'slow', delayMs: 500 }]);
    const cases = [
      { models: [slow, { model: second, price }], hedge: { afterMs: 100, maxCost: '0.0000000001' } },
      { models: [slow, second], hedge: { afterMs: 100, maxCost: '1' } },
      { models: [slow, second], hedge: { afterMs: 100 }, retry: { budget: { ratio: 0, floor: 0 } } },
      { models: [slow, second], hedge: { afterMs: 100 }, maxAttempts: 1 },
      { models: [slow], hedge: { afterMs: 100 } },
    ];
    for (const options of cases) expect(answerOf(await stage.generate(stage.router(options)))).toBe('slow');
    expect(second.requests).toHaveLength(0);
    const within = { models: [slow, { model: second, price }], hedge: { afterMs: 100, maxCost: '0.00001' } };
    expect(answerOf(await stage.generate(stage.router(within)))).toBe('second');
  });

  it('an abort ends both', async () => {
    const stage = createStage();
    const router = stage.router({
      models: [stage.model('a', ['silent']), stage.model('b', ['silent'])],
      hedge: { afterMs: 100 },
    });
    const controller = new AbortController();
    const call = router.generate(ask, { signal: controller.signal }).catch((error: unknown) => error);
    await stage.clock.advance(150);
    controller.abort('enough');
    expect(await stage.play(call)).toMatchObject({ kind: 'aborted', cause: 'enough' });
    expect(stage.clock.pending()).toEqual([]);
    for (const id of router.ids) expect(router.statistics.of(id).inFlight).toBe(0);
  });
});
