import { type CallOptions, type ChatEvent, type ChatModel, defineModel } from '@loci/core';
import { scriptedModel } from '@loci/testing';
import { describe, expect, it } from 'vitest';
import { answerOf, createStage, failure, type Stage } from './harness.js';

const { traits } = scriptedModel([]);

/** A model that looks at no signal and no limit. */
function deaf(id: string, play: (options: CallOptions) => AsyncIterable<ChatEvent>): ChatModel {
  return defineModel({ provider: 'deaf', modelId: id, traits, stream: (_, options) => play(options) });
}

async function* nothing(): AsyncGenerator<ChatEvent> {
  await new Promise(() => {});
}

async function* beginning(): AsyncGenerator<ChatEvent> {
  yield { type: 'text-delta', partIndex: 0, text: 'one ' };
  await new Promise(() => {});
}

async function* dripping(stage: Stage, everyMs: number, text: string): AsyncGenerator<ChatEvent> {
  for (;;) {
    yield { type: 'text-delta', partIndex: 0, text };
    await new Promise<void>((resolve) => void stage.clock.after(everyMs, resolve));
  }
}

describe('a model that does not answer', () => {
  it('silence before the headers ends after the first-content clock: one attempt, then the backup', async () => {
    const stage = createStage();
    const silent = stage.model('silent', ['silent']);
    const router = stage.router({
      models: [silent, stage.model('backup', ['backup'])],
      timeouts: { firstContentMs: 5000 },
    });
    const start = stage.clock.now();
    expect((await stage.read(router)).text).toBe('backup');
    expect(stage.clock.now() - start).toBe(5000);
    expect(silent.requests).toHaveLength(1);
  });

  it('a first token that comes late is as good as none', async () => {
    const stage = createStage();
    const router = stage.router({
      models: [stage.model('late', [{ text: 'late', delayMs: 20_000 }]), stage.model('backup', ['backup'])],
      timeouts: { firstContentMs: 5000 },
    });
    expect(answerOf(await stage.generate(router))).toBe('backup');
  });

  it('the limits of a call win over those of the router', async () => {
    const stage = createStage();
    const router = stage.router({ models: [stage.model('silent', ['silent']), stage.model('b', ['b'])] });
    const start = stage.clock.now();
    await stage.generate(router, { timeouts: { firstContentMs: 700 } });
    expect(stage.clock.now() - start).toBe(700);
  });

  it('totalMs of the router is that of each attempt, of the caller that of the whole call', async () => {
    const stage = createStage();
    const models = [stage.model('a', ['silent']), stage.model('b', ['silent']), stage.model('c', ['c'])];
    const start = stage.clock.now();
    const router = stage.router({ models, timeouts: { totalMs: 400 } });
    expect(answerOf(await stage.generate(router))).toBe('c');
    expect(stage.clock.now() - start).toBe(800);
    const again = stage.clock.now();
    await expect(
      stage.generate(stage.router({ models, timeouts: { totalMs: 400 } }), { timeouts: { totalMs: 600 } }),
    ).rejects.toMatchObject({ kind: 'timeout' });
    expect(stage.clock.now() - again).toBe(600);
  });

  it('the impatience of one caller does not count against the model', async () => {
    const stage = createStage();
    const router = stage.router({ models: [stage.model('a', ['silent'])], breaker: { failures: 1 } });
    await stage.generate(router, { timeouts: { totalMs: 10 } }).catch(() => {});
    await stage.generate(router, { deadlineAt: stage.clock.now() + 10 }).catch(() => {});
    expect(router.health.records()).toMatchObject([{ breaker: 'closed' }]);
  });
});

describe('a model that keeps no clock of its own', () => {
  it('silence, a stall and a deadline end within half a second of the limit', async () => {
    const stage = createStage();
    const backup = stage.model('backup', ['backup']);
    const start = stage.clock.now();
    const silent = stage.router({
      models: [deaf('silent', nothing), backup],
      timeouts: { firstContentMs: 1000 },
    });
    expect((await stage.read(silent)).text).toBe('backup');
    expect(stage.clock.now() - start).toBeLessThanOrEqual(1500);

    const stalled = stage.router({
      models: [deaf('stalled', beginning), backup],
      timeouts: { idleMs: 1000 },
    });
    expect(await stage.read(stalled)).toMatchObject({
      text: 'one ',
      error: { kind: 'timeout', partial: { content: [{ text: 'one ' }] } },
    });
    expect(answerOf(await stage.generate(stalled))).toBe('backup');

    const deadlineAt = stage.clock.now() + 1000;
    await expect(stage.generate(silent, { deadlineAt })).rejects.toMatchObject({ kind: 'deadline' });
    expect(stage.clock.now()).toBeLessThanOrEqual(deadlineAt + 500);
  });

  it('an abort ends the call, too', async () => {
    const stage = createStage();
    const router = stage.router({ models: [deaf('silent', nothing)] });
    const controller = new AbortController();
    const call = router.generate({ messages: [] }, { signal: controller.signal });
    await stage.clock.advance(10);
    controller.abort('enough');
    await expect(stage.play(call)).rejects.toMatchObject({ kind: 'aborted', cause: 'enough' });
    expect(stage.clock.pending()).toEqual([]);
  });

  it('a limit that passes while the reader has the last event is told with the next one', async () => {
    const stage = createStage();
    const router = stage.router({ models: [deaf('stalled', beginning)], timeouts: { totalMs: 1000 } });
    const stream = router.stream({ messages: [] })[Symbol.asyncIterator]();
    await stream.next();
    await stage.clock.advance(5000);
    await expect(stream.next()).rejects.toMatchObject({ kind: 'timeout' });
  });
});

describe('a stream that drips', () => {
  it('slow but alive: it goes elsewhere while nothing was handed out, and is an error with the partial after', async () => {
    const stage = createStage();
    const slow = deaf('slow', () => dripping(stage, 5000, '.'));
    const router = stage.router({ models: [slow, stage.model('backup', ['backup'])] });
    expect(answerOf(await stage.generate(router))).toBe('backup');
    expect((await stage.read(router)).error).toMatchObject({
      kind: 'timeout',
      message: expect.stringContaining('drip'),
    });
  });

  it('not a stream whose reader is slow, nor one that is just fast enough, nor where it is off', async () => {
    const stage = createStage();
    const drip = { minCharactersPerSecond: 2, windowMs: 10_000 };
    const five = async function* (everyMs: number): AsyncGenerator<ChatEvent> {
      let count = 0;
      for await (const event of dripping(stage, everyMs, '.'))
        if (count++ < 25) yield event;
        else throw Object.assign(new Error('the end'));
    };
    const enough = stage.router({ models: [deaf('enough', () => five(450))], drip });
    expect((await stage.read(enough)).error).toMatchObject({ kind: 'malformed' });
    const off = stage.router({ models: [deaf('off', () => five(5000))], drip: false });
    expect((await stage.read(off)).error).toMatchObject({ kind: 'malformed' });

    const quick = stage.router({ models: [deaf('quick', () => five(0))], drip, timeouts: { idleMs: 1000 } });
    const stream = quick.stream({ messages: [] })[Symbol.asyncIterator]();
    for (let count = 0; count < 25; count++) {
      const { value } = await stage.play(stream.next());
      expect(value).toMatchObject({ type: 'text-delta' });
      await stage.clock.advance(5000);
    }
  });
});

it('the vendor’s own retries do not come first: one failure is known as soon as the model reports it', async () => {
  const stage = createStage();
  const start = stage.clock.now();
  const router = stage.router({
    models: [
      stage.model('limited', [failure('rate-limit', { retryAfterMs: 47_000 })]),
      stage.model('b', ['b']),
    ],
  });
  await stage.generate(router);
  expect(stage.clock.now()).toBe(start);
});
