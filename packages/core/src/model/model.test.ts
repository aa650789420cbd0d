import { describe, expect, it } from 'vitest';
import { traits } from '../../test/models.js';
import { InvalidInputError } from '../errors/invalid-input-error.js';
import { LociError } from '../errors/loci-error.js';
import { createMessage } from '../message/create-message.js';
import { guardCall } from './call-guard.js';
import { collectStream } from './collect-stream.js';
import { defineModel } from './define-model.js';
import type { ChatEvent, ChatResponse } from './model.js';
import { ModelError } from './model-error.js';

const request = { messages: [] };
const response: ChatResponse = {
  message: createMessage({ role: 'assistant', content: 'hello' }),
  finishReason: 'stop',
  usage: null,
  model: { provider: 'p', modelId: 'm' },
  warnings: [],
};
const delta = (text: string, partIndex = 0): ChatEvent => ({ type: 'text-delta', partIndex, text });
const model = (events: () => AsyncGenerator<ChatEvent>) =>
  defineModel({ provider: 'p', modelId: 'm', traits, stream: events });

describe('defineModel', () => {
  it('generates what the stream finishes with, and ends there', async () => {
    const made = model(async function* () {
      yield delta('hel');
      yield { type: 'finish', response };
      yield delta('never seen');
    });
    expect(await made.generate(request)).toBe(response);
    const types = [];
    for await (const event of made.stream(request)) types.push(event.type);
    expect(types).toEqual(['text-delta', 'finish']);
  });

  it('takes an end without `finish` for truncated, and keeps what had been received, without tool calls', async () => {
    const made = model(async function* () {
      yield { type: 'reasoning-delta', partIndex: 0, text: 'hm' };
      yield delta('half ', 1);
      yield { type: 'tool-call-delta', partIndex: 2, toolCallId: 'c', toolName: 't', inputText: '{' };
      yield delta('an answer', 1);
    });
    await expect(made.generate(request)).rejects.toMatchObject({
      kind: 'truncated',
      partial: {
        content: [
          { type: 'reasoning', text: 'hm' },
          { type: 'text', text: 'half an answer' },
        ],
      },
    });
  });

  it('has no partial answer where there was no content', async () => {
    const error = await model(async function* () {})
      .generate(request)
      .catch((caught: unknown) => caught);
    expect(error).toMatchObject({ kind: 'truncated' });
    expect(error).not.toHaveProperty('partial');
  });

  it('shows `restart` only to callers that accept it, and forgets what came before', async () => {
    const restarting = model(async function* () {
      yield delta('old');
      yield { type: 'restart', reason: 'server' };
      yield delta('new');
      throw new ModelError('gone', { kind: 'connection', scope: 'provider', retry: 'other' });
    });
    await expect(restarting.generate(request)).rejects.toMatchObject({
      kind: 'malformed',
      partial: { content: [{ text: 'old' }] },
    });
    const accepting = collectStream(restarting.stream(request, { accepts: ['restart'] }));
    await expect(accepting).rejects.toMatchObject({
      kind: 'connection',
      partial: { content: [{ text: 'new' }] },
    });
  });

  it('does not begin when it is aborted already, and takes what the abort causes for the abort', async () => {
    let begun = 0;
    const controller = new AbortController();
    // biome-ignore lint/correctness/useYield: it only fails
    const made = model(async function* () {
      begun++;
      controller.abort('reason');
      throw new TypeError('socket closed');
    });
    await expect(made.generate(request, { signal: controller.signal })).rejects.toMatchObject({
      kind: 'aborted',
      cause: 'reason',
    });
    await expect(made.generate(request, { signal: controller.signal })).rejects.toMatchObject({
      kind: 'aborted',
    });
    expect(begun).toBe(1);
  });

  it('takes a foreign error for malformed, and passes an error of Loci on', async () => {
    const failing = (error: Error) =>
      // biome-ignore lint/correctness/useYield: it only fails
      model(async function* () {
        throw error;
      }).generate(request);
    await expect(failing(new TypeError('x'))).rejects.toMatchObject({
      kind: 'malformed',
      cause: { message: 'x' },
    });
    await expect(failing(new InvalidInputError('a', 'b'))).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });

  it('closes the stream of a caller that leaves early', async () => {
    let closed = false;
    const made = model(async function* () {
      try {
        yield delta('a');
        yield delta('b');
      } finally {
        closed = true;
      }
    });
    for await (const _ of made.stream(request)) break;
    expect(closed).toBe(true);
  });
});

describe('guardCall', () => {
  function testClock() {
    let now = 0;
    const timers = new Set<{ at: number; run: () => void }>();
    return {
      timers,
      now: () => now,
      after(ms: number, run: () => void) {
        const timer = { at: now + ms, run };
        timers.add(timer);
        return () => void timers.delete(timer);
      },
      advance(ms: number) {
        now += ms;
        for (const timer of [...timers]) if (timer.at <= now && timers.delete(timer)) timer.run();
      },
    };
  }
  const limits = { headersMs: 10, firstContentMs: 20, idleMs: 5, totalMs: 100 };

  it('limits the wait for headers, for content, between events and in all, each by its name', () => {
    const reach = [
      { ms: 10, play: () => {}, name: 'headers' },
      {
        ms: 20,
        play: (guard: ReturnType<typeof guardCall>) => {
          guard.headers();
          guard.event(false);
        },
        name: 'firstContent',
      },
    ];
    for (const { ms, play, name } of reach) {
      const clock = testClock();
      const guard = guardCall({ timeouts: limits }, {}, clock);
      play(guard);
      clock.advance(ms - 1);
      expect(guard.failure).toBeUndefined();
      clock.advance(1);
      expect(guard.failure).toMatchObject({
        kind: 'timeout',
        scope: 'model',
        retry: 'other',
        message: expect.stringContaining(name),
      });
      expect(guard.signal.aborted).toBe(true);
      expect(clock.timers.size).toBe(0);
    }
    const clock = testClock();
    const guard = guardCall({ timeouts: { totalMs: 100 } }, {}, clock);
    clock.advance(100);
    expect(guard.failure?.message).toContain('total');
  });

  it('limits the wait for the next event, once content has begun, and not the time a consumer takes', async () => {
    const clock = testClock();
    const guard = guardCall(undefined, { idleMs: 5 }, clock);
    const next: (() => void)[] = [];
    async function* source() {
      for (let item = 0; ; item++) {
        await new Promise<void>((resolve) => next.push(resolve));
        yield item;
      }
    }
    const watched = guard.watch(source());
    const first = watched.next();
    clock.advance(1000);
    next.shift()?.();
    expect((await first).value).toBe(0);
    guard.event(true);
    clock.advance(1000);
    expect(guard.failure).toBeUndefined();
    const second = watched.next();
    await Promise.resolve();
    clock.advance(4);
    next.shift()?.();
    expect((await second).value).toBe(1);
    void watched.next();
    await Promise.resolve();
    clock.advance(5);
    expect(guard.failure).toMatchObject({ kind: 'timeout', message: expect.stringContaining('idle') });
  });

  it('ends at the deadline, at once where it has passed', () => {
    const clock = testClock();
    clock.advance(50);
    expect(guardCall({ deadlineAt: 50 }, {}, clock).failure?.kind).toBe('deadline');
    const guard = guardCall({ deadlineAt: 60 }, {}, clock);
    clock.advance(10);
    expect(guard.failure).toMatchObject({ kind: 'deadline', retry: 'none' });
  });

  it('is the abort of the caller, whatever comes after, and leaves nothing behind', () => {
    const clock = testClock();
    const controller = new AbortController();
    const guard = guardCall({ signal: controller.signal, timeouts: limits }, {}, clock);
    controller.abort('stop');
    clock.advance(1000);
    expect(guard.failure).toMatchObject({ kind: 'aborted', cause: 'stop' });
    expect(clock.timers.size).toBe(0);
    const closed = guardCall({ timeouts: limits }, {}, clock);
    closed.close();
    clock.advance(1000);
    expect(closed.failure).toBeUndefined();
  });

  it("lets the caller's limits win over the provider's", () => {
    const clock = testClock();
    const guard = guardCall({ timeouts: { headersMs: 100 } }, limits, clock);
    clock.advance(50);
    expect(guard.failure?.message).toContain('firstContent');
  });
});

describe('errors', () => {
  it('are recognised across copies of the package, by their brand and code', () => {
    const foreign = { [Symbol.for('loci.error')]: true, code: 'MODEL' };
    expect(ModelError.isInstance(foreign)).toBe(true);
    expect(LociError.isInstance(foreign)).toBe(true);
    expect(InvalidInputError.isInstance(foreign)).toBe(false);
    expect(LociError.isInstance(new Error('x'))).toBe(false);
  });
});
