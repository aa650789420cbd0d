import type { ChatEvent, ChatResponse } from '@loci/core';
import { describe, expect, it } from 'vitest';
import { fromOpenAIStream } from './from-stream.js';

const chunk = (delta: object, finish_reason: string | null = null, rest: object = {}) => ({
  choices: [{ index: 0, delta, finish_reason }],
  ...rest,
});
const call = (
  index: number | undefined,
  id: string | undefined,
  name: string | undefined,
  input: string,
) => ({
  tool_calls: [{ index, id, type: 'function', function: { name, arguments: input } }],
});

async function* stream(chunks: readonly unknown[], failure?: unknown) {
  yield* chunks;
  if (failure) throw failure;
}

async function read(
  chunks: readonly unknown[],
  failure?: unknown,
): Promise<{ events: ChatEvent[]; response: ChatResponse | undefined }> {
  const events: ChatEvent[] = [];
  for await (const event of fromOpenAIStream(stream(chunks, failure), { modelId: 'gpt-4o' }))
    events.push(event);
  const last = events.at(-1);
  return { events, response: last?.type === 'finish' ? last.response : undefined };
}

describe('fromOpenAIStream', () => {
  it('puts parallel calls together by their index', async () => {
    const { response, events } = await read([
      chunk({ role: 'assistant', content: null }),
      chunk(call(0, 'a', 'weather', '')),
      chunk(call(1, 'b', 'time', '')),
      chunk(call(0, undefined, undefined, '{"city":')),
      chunk(call(1, undefined, undefined, '{}')),
      chunk(call(0, undefined, undefined, '"Porto"}')),
      chunk({}, 'tool_calls'),
    ]);
    expect(response?.message.content).toEqual([
      { type: 'tool-call', toolCallId: 'a', toolName: 'weather', input: { city: 'Porto' } },
      { type: 'tool-call', toolCallId: 'b', toolName: 'time', input: {} },
    ]);
    expect(events.filter((event) => event.type === 'tool-call-delta' && event.partIndex === 0)).toHaveLength(
      3,
    );
  });

  it('tells calls of one index apart by their ids, and finishes with tool-calls also after a plain stop', async () => {
    const { response } = await read([
      chunk(call(0, 'a', 'f', '{}')),
      chunk(call(0, 'b', 'f', '{"x":1}')),
      chunk({}, 'stop'),
    ]);
    expect(response?.message.content).toMatchObject([
      { toolCallId: 'a', input: {} },
      { toolCallId: 'b', input: { x: 1 } },
    ]);
    expect(response?.finishReason).toBe('tool-calls');
  });

  it('gives a call an id where a server has none', async () => {
    const { response } = await read([chunk(call(undefined, undefined, 'f', '{}')), chunk({}, 'tool_calls')]);
    expect(response?.message.content).toMatchObject([{ toolCallId: expect.stringMatching(/^call_\w+$/) }]);
  });

  it('reads reasoning under both names, and a refusal as a filtered answer', async () => {
    const { response } = await read([
      chunk({ reasoning: 'a' }),
      chunk({ reasoning_content: 'b' }),
      chunk({ refusal: 'No.' }),
      chunk({}, 'stop'),
    ]);
    expect(response).toMatchObject({
      finishReason: 'content-filter',
      message: {
        content: [
          { type: 'reasoning', text: 'ab' },
          { type: 'text', text: 'No.' },
        ],
      },
    });
  });

  it('ignores other choices, comments without choices, and takes the last usage', async () => {
    const usage = (n: number) => ({ usage: { prompt_tokens: n, completion_tokens: n } });
    const other = { choices: [{ index: 1, delta: { content: 'other' }, finish_reason: 'stop' }] };
    const { response } = await read([
      {},
      chunk({ content: 'one' }, null, usage(1)),
      other,
      chunk({}, 'stop', usage(2)),
      { choices: [], ...usage(3) },
    ]);
    expect(response).toMatchObject({
      message: { content: [{ text: 'one' }] },
      usage: { input: 3, output: 3 },
    });
  });

  it('keeps an answer whose connection is lost after its end, without the usage', async () => {
    const { response } = await read(
      [chunk({ content: 'one' }), chunk({}, 'stop')],
      new TypeError('terminated'),
    );
    expect(response).toMatchObject({ finishReason: 'stop', usage: null });
  });

  it('fails where the connection is lost before the end, or the vendor reports a failure after it', async () => {
    await expect(read([chunk({ content: 'one' })], new TypeError('terminated'))).rejects.toThrow(
      'terminated',
    );
    await expect(
      read(
        [chunk({}, 'stop')],
        Object.assign(new Error('x'), { error: { code: 'server_error' }, headers: new Headers() }),
      ),
    ).rejects.toThrow('x');
    await expect(read([chunk({ content: 'one' }), chunk({}, 'error')])).rejects.toMatchObject({
      kind: 'server',
    });
  });

  it.each<[string, unknown[]]>([
    ['nothing', []],
    ['no finish_reason', [chunk({ content: 'one' }), { choices: [], usage: {} }]],
  ])('is truncated after %s', async (_, chunks) => {
    await expect(read(chunks)).rejects.toMatchObject({ kind: 'truncated' });
  });

  it.each<[string, unknown]>([
    ['a chunk that is a string', 'hello'],
    ['a chunk that is null', null],
    ['choices that are no list', { choices: {} }],
    ['a choice that is a number', { choices: [7] }],
    ['a delta that is a string', { choices: [{ index: 0, delta: 'x' }] }],
    ['content that is a number', chunk({ content: 7 })],
    ['tool calls that are no list', chunk({ tool_calls: {} })],
    ['a tool call that is a string', chunk({ tool_calls: ['x'] })],
    ['a call without a name', chunk(call(0, 'a', undefined, '{}'))],
    [
      'arguments that are an object',
      chunk({ tool_calls: [{ index: 0, id: 'a', function: { name: 'f', arguments: {} } }] }),
    ],
  ])('is malformed with %s', async (_, bad) => {
    await expect(read([bad, chunk({}, 'stop')])).rejects.toMatchObject({ kind: 'malformed' });
  });
});
