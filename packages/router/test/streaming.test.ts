import { type ChatEvent, type ChatRequest, createMessage, defineModel } from '@loci/core';
import { scriptedModel } from '@loci/testing';
import { describe, expect, it } from 'vitest';
import { type RouteError, routeOf } from '../src/index.js';
import { answerOf, ask, createStage, failure, textOf } from './harness.js';

const cut = { text: 'one two three', cutAfter: 2 };
const { traits } = scriptedModel([]);

/** A model that goes on where the answer of the request ends, or says all of it again. */
function continues(rest: string, repeats = false) {
  const requests: ChatRequest[] = [];
  const model = defineModel({
    provider: 'example',
    modelId: 'continues',
    traits,
    async *stream(request): AsyncGenerator<ChatEvent> {
      requests.push(request);
      const last = request.messages.at(-1);
      const before =
        last?.role === 'assistant' && last.content[0]?.type === 'text' ? last.content[0].text : '';
      const text = repeats ? before + rest : rest;
      for (const piece of text.match(/.{1,3}/gs) ?? [])
        yield { type: 'text-delta', partIndex: 0, text: piece };
      const message = createMessage({ role: 'assistant', content: text });
      const answeredBy = { provider: 'example', modelId: 'continues' };
      yield {
        type: 'finish',
        response: { message, finishReason: 'stop', usage: null, model: answeredBy, warnings: [] },
      };
    },
  });
  return { model, requests };
}

describe('[F5] before the first content', () => {
  it('every failure goes elsewhere, and the reader sees one answer', async () => {
    const stage = createStage();
    const router = stage.router({
      models: [
        stage.model('cut', [{ text: 'one', cutAfter: 0 }]),
        stage.model('limited', ['rate-limit']),
        stage.model('good', ['all is well']),
      ],
    });
    const { events, text, error } = await stage.read(router);
    expect([text, error]).toEqual(['all is well', undefined]);
    expect(events.filter(({ type }) => type === 'finish')).toHaveLength(1);
  });
});

describe('[F5] after the first content', () => {
  for (const [fault, script] of [
    ['a cut', cut],
    ['a failure', { text: 'one two ', ...failure('server') }],
  ] as const)
    it(`${fault} is an error with the partial: never a success, never a second answer`, async () => {
      const stage = createStage();
      const backup = stage.model('backup', ['backup']);
      const router = stage.router({ models: [stage.model('primary', [script]), backup] });
      const { text, error } = await stage.read(router, { accepts: ['restart'] });
      expect(text).toBe('one two ');
      expect(error).toMatchObject({
        partial: { role: 'assistant', content: [{ type: 'text', text: 'one two ' }] },
      });
      expect(backup.requests).toHaveLength(0);
    });

  it('a whole answer was not handed out: the backup gives all of it, and both are accounted', async () => {
    const stage = createStage();
    const router = stage.router({
      models: [stage.model('primary', [cut]), stage.model('backup', ['the whole answer'])],
    });
    const response = await stage.generate(router);
    expect(answerOf(response)).toBe('the whole answer');
    expect(routeOf(response)?.attempts).toMatchObject([{ result: 'truncated' }, { result: 'success' }]);
  });
});

describe('[F5] afterContent: restart', () => {
  it('tells the reader to begin anew, where the call accepts it', async () => {
    const stage = createStage();
    const router = stage.router({
      models: [stage.model('primary', [cut]), stage.model('backup', ['the whole answer'])],
      afterContent: 'restart',
    });
    const { events, text, error } = await stage.read(router, { accepts: ['restart'] });
    expect(error).toBeUndefined();
    expect(text).toBe('the whole answer');
    expect(events.filter(({ type }) => type === 'restart')).toEqual([
      { type: 'restart', reason: 'truncated' },
    ]);
    expect(events.at(-1)).toMatchObject({ type: 'finish', response: { model: { modelId: 'backup' } } });
    const plain = await stage.read(router);
    expect(plain).toMatchObject({ text: 'one two ', error: { kind: 'truncated' } });
  });

  it('where nobody can begin anew the reader keeps what came', async () => {
    const stage = createStage();
    const router = stage.router({
      models: [stage.model('primary', [cut]), stage.model('backup', ['auth'])],
      afterContent: 'restart',
    });
    const { events, error } = await stage.read(router, { accepts: ['restart'] });
    expect(events.map(({ type }) => type)).toEqual(['text-delta', 'text-delta']);
    expect(error).toMatchObject({ kind: 'truncated', partial: { content: [{ text: 'one two ' }] } });
  });

  it('a second break restarts again, and the partial is that of the last answer', async () => {
    const stage = createStage();
    const router = stage.router({
      models: [stage.model('a', [cut]), stage.model('b', [{ ...cut, text: 'uno due tre' }])],
      afterContent: 'restart',
    });
    const { text, error } = await stage.read(router, { accepts: ['restart'] });
    expect(text).toBe('uno due ');
    expect(error).toMatchObject({ partial: { content: [{ text: 'uno due ' }] } });
  });
});

describe('[F5] afterContent: continue', () => {
  for (const repeats of [false, true])
    it(`goes on from what was handed out, ${repeats ? 'also where the model says it again' : 'which is part of its answer'}`, async () => {
      const stage = createStage();
      const { model, requests } = continues(repeats ? ' three four' : 'three four', repeats);
      const broken = { text: 'eleven twelve thirteen', cutAfter: 2 };
      const router = stage.router({
        models: [stage.model('primary', [broken]), model],
        afterContent: 'continue',
      });
      const { events, text, error } = await stage.read(router);
      expect([text, error]).toEqual(['eleven twelve three four', undefined]);
      expect(requests[0]?.messages.at(-1)).toMatchObject({
        role: 'assistant',
        content: [{ text: 'eleven twelve' }],
      });
      const finish = events.at(-1);
      expect(finish?.type === 'finish' && answerOf(finish.response)).toBe('eleven twelve three four');
      expect(
        events.every((event) => event.type === 'finish' || ('partIndex' in event && event.partIndex === 0)),
      ).toBe(true);
    });

  it('only with a model that says it takes the beginning of its answer', async () => {
    const stage = createStage();
    const without = stage.model('without', ['three'], { features: { ...traits.features, prefill: 'no' } });
    const router = stage.router({ models: [stage.model('a', [cut]), without], afterContent: 'continue' });
    expect(await stage.read(router)).toMatchObject({ text: 'one two ', error: { kind: 'truncated' } });
    expect(without.requests).toHaveLength(0);
  });

  it('where that one refuses it, the first failure is reported and not the refusal', async () => {
    const stage = createStage();
    const refuses = stage.model('refuses', [failure('invalid-request', { status: 400, scope: 'request' })]);
    const router = stage.router({ models: [stage.model('a', [cut]), refuses], afterContent: 'continue' });
    const { text, error } = await stage.read(router);
    expect(text).toBe('one two ');
    expect(error).toMatchObject({ kind: 'truncated', partial: { content: [{ text: 'one two ' }] } });
    expect((error as RouteError).route.attempts).toMatchObject([
      { result: 'truncated' },
      { result: 'invalid-request', status: 400 },
    ]);
    expect(refuses.requests).toHaveLength(1);
  });

  it('an open tool call is not gone on with', async () => {
    const stage = createStage();
    const calling = stage.model('calling', [
      {
        text: 'Let me see.',
        toolCalls: [{ toolName: 'weather', input: {} }],
        error: { kind: 'connection', scope: 'model', retry: 'same' },
      },
    ]);
    const { model, requests } = continues('more');
    const router = stage.router({ models: [calling, model], afterContent: 'continue' });
    expect((await stage.read(router)).error).toMatchObject({ kind: 'connection' });
    expect(requests).toHaveLength(0);
  });

  it('two breaks: the partial is all that was handed out', async () => {
    const stage = createStage();
    const router = stage.router({
      models: [stage.model('a', [cut]), stage.model('b', [{ text: 'three four five', cutAfter: 2 }])],
      afterContent: 'continue',
    });
    expect(await stage.read(router)).toMatchObject({
      text: 'one two three four ',
      error: { partial: { content: [{ text: 'one two three four ' }] } },
    });
  });
});

describe('the stream as an iterator', () => {
  it('calls of next that overlap get the events in order', async () => {
    const stage = createStage();
    const router = stage.router({ models: [stage.model('a', ['server', 'one two three'])] });
    const stream = router.stream(ask)[Symbol.asyncIterator]();
    const results = await stage.play(Promise.all([1, 2, 3, 4, 5, 6].map(() => stream.next())));
    const events = results.flatMap(({ value, done }) => (done ? [] : [value as ChatEvent]));
    expect(textOf(events)).toBe('one two three');
    expect(events.map(({ type }) => type)).toEqual(['text-delta', 'text-delta', 'text-delta', 'finish']);
    expect(results.map(({ done }) => done)).toEqual([false, false, false, false, true, true]);
  });

  it('leaving while nothing has come ends the call', async () => {
    const stage = createStage();
    const router = stage.router({ models: [stage.model('a', ['silent'])] });
    const stream = router.stream(ask)[Symbol.asyncIterator]();
    const first = stream.next().catch((error: unknown) => error);
    await stage.clock.advance(10);
    await stage.play(Promise.resolve(stream.return?.()));
    expect(await first).toMatchObject({ kind: 'aborted' });
    expect(stage.clock.pending()).toEqual([]);
    expect(router.statistics.of('scripted/a').inFlight).toBe(0);
  });
});
