import { type ChatEvent, createMessage, defineModel, type ErrorKind, ModelError } from '@loci/core';
import { createTestClock, scriptedModel } from '@loci/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createRouter,
  type RouteError,
  type RouterEvent,
  type RouterOptions,
  routeOf,
} from '../src/index.js';
import { ask } from './harness.js';

const kinds: readonly ErrorKind[] = [
  'timeout',
  'rate-limit',
  'quota',
  'auth',
  'not-found',
  'overloaded',
  'server',
  'connection',
  'context-length',
  'content-filter',
  'invalid-request',
  'truncated',
  'malformed',
];

/** What one call of a model does: it begins after a while, writes so many words, and then ends in this way. */
const anyTurn = fc.record({
  beginMs: fc.constantFrom(0, 50, 2000, 40_000),
  words: fc.nat(3),
  end: fc.constantFrom('stop', 'stop', 'stop', 'cut', 'stall', 'context-window', ...kinds),
  retryAfterMs: fc.option(fc.constantFrom(500, 8000, 60_000), { nil: undefined }),
});
type Turn = typeof anyTurn extends fc.Arbitrary<infer T> ? T : never;

const anyScript = fc.record({
  models: fc.array(fc.array(anyTurn, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 4 }),
  maxAttempts: fc.integer({ min: 1, max: 6 }),
  deadlineMs: fc.option(fc.constantFrom(100, 3000, 45_000), { nil: undefined }),
  abortMs: fc.option(fc.constantFrom(0, 60, 2500), { nil: undefined }),
  hedgeMs: fc.option(fc.constantFrom(20, 1000), { nil: undefined }),
  afterContent: fc.constantFrom('error' as const, 'restart' as const, 'continue' as const),
  optimizeFor: fc.constantFrom(
    'in-order' as const,
    'reliability' as const,
    'performance' as const,
    'random' as const,
  ),
  whole: fc.boolean(),
  callers: fc.integer({ min: 1, max: 4 }),
});
type Script = typeof anyScript extends fc.Arbitrary<infer T> ? T : never;

/** Numbers that are the same each time. */
function counting(): () => number {
  let count = 0;
  return () => (count++ * 0.618034) % 1;
}

interface Call {
  readonly starts: readonly number[];
  readonly atOnce: number;
}

/** Plays a script to its end: every call, on its own time. */
async function play(script: Script) {
  const clock = createTestClock(0);
  const events: RouterEvent[] = [];
  const open = { now: 0, most: 0 };
  const models = script.models.map((turns, position) => {
    let call = 0;
    return defineModel({
      provider: 'example',
      modelId: `m${position}`,
      traits: scriptedModel([]).traits,
      async *stream(_, { signal }): AsyncGenerator<ChatEvent> {
        const turn = turns[Math.min(call++, turns.length - 1)] as Turn;
        open.most = Math.max(open.most, ++open.now);
        const pause = (ms: number) =>
          new Promise<void>((resolve, reject) => {
            const stop = () => {
              cancel();
              reject(new ModelError('Stopped.', { kind: 'aborted', scope: 'request', retry: 'none' }));
            };
            const cancel = clock.after(ms, () => {
              signal?.removeEventListener('abort', stop);
              resolve();
            });
            if (signal?.aborted) stop();
            else signal?.addEventListener('abort', stop, { once: true });
          });
        try {
          await pause(turn.beginMs);
          for (let word = 0; word < turn.words; word++)
            yield { type: 'text-delta', partIndex: 0, text: `w${word} ` };
          yield* ending(turn, position, pause);
        } finally {
          open.now--;
        }
      },
    });
  });
  const router = createRouter({
    models,
    maxAttempts: script.maxAttempts,
    afterContent: script.afterContent,
    optimizeFor: script.optimizeFor,
    timeouts: { firstContentMs: 5000, idleMs: 3000 },
    ...(script.hedgeMs !== undefined && { hedge: { afterMs: script.hedgeMs } }),
    clock,
    random: counting(),
    onEvent: (event) => void events.push(event),
  } satisfies RouterOptions);
  const controller = new AbortController();
  if (script.abortMs !== undefined) clock.after(script.abortMs, () => controller.abort('enough'));
  const options = {
    signal: controller.signal,
    accepts: ['restart'] as const,
    ...(script.deadlineMs !== undefined && { deadlineAt: script.deadlineMs }),
  };
  const run = async () => {
    const seen: string[] = [];
    let finishes = 0;
    let error: RouteError | undefined;
    let route: unknown;
    try {
      if (script.whole) {
        route = routeOf(await router.generate(ask, options));
        finishes++;
      } else
        for await (const event of router.stream(ask, options)) {
          seen.push(event.type);
          if (event.type === 'finish') {
            finishes++;
            route = routeOf(event.response);
          }
        }
    } catch (thrown) {
      error = thrown as RouteError;
      route = error.route;
    }
    return { seen, finishes, error, route, endedAt: clock.now() };
  };
  const calls = Promise.all(Array.from({ length: script.callers }, run));
  let over = false;
  void calls.then(() => {
    over = true;
  });
  await clock.advance(0);
  while (!over) {
    const [next] = clock.pending();
    if (next === undefined) throw new Error('A call waits for nothing.');
    await clock.advance(next - clock.now());
  }
  return { calls: await calls, events, open, router, left: clock.pending() };
}

async function* ending(
  { end, retryAfterMs }: Turn,
  position: number,
  pause: (ms: number) => Promise<void>,
): AsyncGenerator<ChatEvent> {
  if (end === 'cut') return;
  if (end === 'stall') await pause(1e9);
  if (end === 'stop' || end === 'context-window') {
    const message = createMessage({ id: 'answer', role: 'assistant', content: 'done', createdAt: 0 });
    const usage = { input: 5, cacheRead: 0, cacheWrite: 0, output: 2, reasoning: 0 };
    const model = { provider: 'example', modelId: `m${position}` };
    yield { type: 'finish', response: { message, finishReason: end, usage, model, warnings: [] } };
    return;
  }
  throw new ModelError('It failed.', {
    kind: end as ErrorKind,
    scope: 'model',
    retry: 'same',
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  });
}

function startsOf(events: readonly RouterEvent[], call: number): Call['starts'] {
  return events.flatMap((event) =>
    event.type === 'attempt-started' && event.call === call ? [event.at] : [],
  );
}

describe('whatever the models do', () => {
  it('attempts, time, closing, endings and the accounts keep their promises', async () => {
    await fc.assert(
      fc.asyncProperty(anyScript, async (script) => {
        const { calls, events, open, router, left } = await play(script);
        const endAt = Math.min(script.deadlineMs ?? 1e12, script.abortMs ?? 1e12);
        for (const [index, { finishes, error, endedAt, seen }] of calls.entries()) {
          const starts = startsOf(events, index + 1);
          expect(starts.length).toBeLessThanOrEqual(script.maxAttempts);
          expect(finishes + (error ? 1 : 0)).toBe(1);
          if (finishes === 1 && !script.whole) expect(seen.at(-1)).toBe('finish');
          expect(endedAt).toBeLessThanOrEqual(endAt + 500);
          for (const at of starts) expect(at).toBeLessThanOrEqual(endAt);
          expect(
            events.filter((event) => event.type === 'route-ended' && event.call === index + 1),
          ).toHaveLength(1);
        }
        expect(open.now).toBe(0);
        // One at a time for each caller; with a hedge, two.
        expect(open.most).toBeLessThanOrEqual(script.callers * (script.hedgeMs === undefined ? 1 : 2));
        const started = events.filter(({ type }) => type === 'attempt-started').length;
        const models = router.ids.map((id) => router.statistics.of(id));
        expect(models.reduce((sum, { attempts }) => sum + attempts, 0)).toBe(started);
        expect(models.every(({ inFlight }) => inFlight === 0)).toBe(true);
        // What is left belongs to the test: the abort to come.
        expect(left.length).toBeLessThanOrEqual(1);
      }),
      { numRuns: 300 },
    );
  });

  it('the same script, clock and chance give the same decisions', async () => {
    await fc.assert(
      fc.asyncProperty(anyScript, async (script) => {
        const [one, other] = [await play(script), await play(script)];
        expect(other.events).toEqual(one.events);
        expect(other.calls.map(({ route }) => route)).toEqual(one.calls.map(({ route }) => route));
      }),
      { numRuns: 100 },
    );
  });
});
