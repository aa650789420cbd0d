import { type ChatEvent, createMessage, ModelError, messageText } from '@loci/core';
import { describe, expect, it } from 'vitest';
import { scriptedModel } from './scripted-model.js';
import { createTestClock } from './test-clock.js';

const ask = (content: string) => ({ messages: [createMessage({ role: 'user', content })] });

async function failure(promise: Promise<unknown>): Promise<ModelError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!ModelError.isInstance(error)) throw new Error('expected a ModelError');
  return error;
}

describe('scriptedModel', () => {
  it('answers from a list, in order, and records the requests', async () => {
    const model = scriptedModel(['one', { text: 'two', finishReason: 'length' }]);
    expect(messageText((await model.generate(ask('a'))).message)).toBe('one');
    expect((await model.generate(ask('b'))).finishReason).toBe('length');
    expect(model.requests.map((request) => messageText(request.messages[0] ?? { content: [] }))).toEqual([
      'a',
      'b',
    ]);
    expect(await failure(model.generate(ask('c')))).toMatchObject({ kind: 'invalid-request' });
    expect([model.provider, model.modelId]).toEqual(['scripted', 'scripted']);
  });

  it('answers from a function of the request', async () => {
    const model = scriptedModel(
      (request, call) => `${call}: ${messageText(request.messages[0] ?? { content: [] })}`,
    );
    expect(messageText((await model.generate(ask('hi'))).message)).toBe('0: hi');
  });

  it('streams deltas that add up to the answer', async () => {
    const model = scriptedModel([
      { reasoning: 'let me think', text: 'a b c', toolCalls: [{ toolName: 'add', input: { x: 1 } }] },
    ]);
    const events: ChatEvent[] = [];
    for await (const event of model.stream(ask('go'))) events.push(event);
    const finish = events.at(-1);
    if (finish?.type !== 'finish') throw new Error('expected a finish');
    expect(finish.response.finishReason).toBe('tool-calls');
    expect(finish.response.message.content.map((part) => part.type)).toEqual([
      'reasoning',
      'text',
      'tool-call',
    ]);
    expect(events.flatMap((event) => (event.type === 'text-delta' ? [event.text] : []))).toEqual([
      'a ',
      'b ',
      'c',
    ]);
  });

  it('fails as told, with what had been received', async () => {
    const model = scriptedModel([
      { text: 'half of', error: { kind: 'overloaded', scope: 'provider', retry: 'same' } },
      { text: 'a b c', cutAfter: 2 },
    ]);
    const overloaded = await failure(model.generate(ask('go')));
    expect(overloaded).toMatchObject({ kind: 'overloaded' });
    expect(messageText(overloaded.partial ?? { content: [] })).toBe('half of');
    const cut = await failure(model.generate(ask('go')));
    expect(cut).toMatchObject({ kind: 'truncated' });
    expect(messageText(cut.partial ?? { content: [] })).toBe('a b ');
  });

  it('waits on the clock, and honours time-outs and the signal there', async () => {
    const clock = createTestClock();
    const model = scriptedModel(() => ({ text: 'slow', delayMs: 1000 }), { clock });
    const answered = model.generate(ask('go'));
    await clock.advance(2000);
    expect(messageText((await answered).message)).toBe('slow');

    const late = failure(model.generate(ask('go'), { timeouts: { firstContentMs: 500 } }));
    await clock.advance(500);
    expect(await late).toMatchObject({ kind: 'timeout' });

    const controller = new AbortController();
    const aborted = failure(model.generate(ask('go'), { signal: controller.signal }));
    await clock.advance(10);
    controller.abort();
    expect(await aborted).toMatchObject({ kind: 'aborted' });
    expect(clock.pending()).toEqual([]);
  });

  it('is aborted also while the function of the script still thinks', async () => {
    const controller = new AbortController();
    const model = scriptedModel(() => new Promise<string>(() => {}));
    const aborted = failure(model.generate(ask('go'), { signal: controller.signal }));
    controller.abort();
    expect(await aborted).toMatchObject({ kind: 'aborted' });
  });
});
