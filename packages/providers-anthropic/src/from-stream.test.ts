import { type ChatEvent, type ChatResponse, ModelError, type Usage } from '@loci/core';
import { describe, expect, it } from 'vitest';
import { fromAnthropicStream } from './from-stream.js';

const start = (usage?: object) => ({ type: 'message_start', message: { model: 'served', usage } });
const open = (index: number, content_block: object) => ({
  type: 'content_block_start',
  index,
  content_block,
});
const delta = (index: number, part: unknown) => ({ type: 'content_block_delta', index, delta: part });
const text = (words: string, index = 0) => delta(index, { type: 'text_delta', text: words });
const json = (partial_json: string, index = 0) => delta(index, { type: 'input_json_delta', partial_json });
const ending = (stop_reason: string | null, usage?: object) => ({
  type: 'message_delta',
  delta: { stop_reason },
  usage,
});
const stop = { type: 'message_stop' };
const textBlock = { type: 'text', text: '' };

async function* stream(events: readonly unknown[], failure?: unknown) {
  yield* events;
  if (failure) throw failure;
}

async function read(
  given: readonly unknown[],
  { failure, ended }: { readonly failure?: unknown; readonly ended?: ModelError } = {},
): Promise<{ events: ChatEvent[]; response: ChatResponse | undefined }> {
  const events: ChatEvent[] = [];
  const options = { modelId: 'claude-opus-5', failure: () => ended };
  for await (const event of fromAnthropicStream(stream(given, failure), options)) events.push(event);
  const last = events.at(-1);
  return { events, response: last?.type === 'finish' ? last.response : undefined };
}

describe('fromAnthropicStream', () => {
  it('puts blocks together by their index, calls in parallel and thinking between them', async () => {
    const { response, events } = await read([
      start(),
      open(0, { type: 'thinking', thinking: '', signature: '' }),
      delta(0, { type: 'thinking_delta', thinking: 'a' }),
      delta(0, { type: 'signature_delta', signature: 'sig' }),
      open(1, { type: 'tool_use', id: 'x', name: 'weather', input: {} }),
      open(2, { type: 'tool_use', id: 'y', name: 'time', input: {} }),
      json('{"city":', 1),
      json('', 2),
      json('"Porto"}', 1),
      open(3, { type: 'thinking', thinking: '', signature: '' }),
      delta(3, { type: 'signature_delta', signature: 'empty' }),
      ending('tool_use'),
      stop,
    ]);
    const origin = { provider: 'anthropic', model: 'claude-opus-5' };
    expect(response?.message.content).toEqual([
      {
        type: 'reasoning',
        text: 'a',
        origin,
        payload: { type: 'thinking', thinking: 'a', signature: 'sig' },
      },
      { type: 'tool-call', toolCallId: 'x', toolName: 'weather', input: { city: 'Porto' } },
      { type: 'tool-call', toolCallId: 'y', toolName: 'time', input: {} },
      {
        type: 'reasoning',
        text: '',
        origin,
        payload: { type: 'thinking', thinking: '', signature: 'empty' },
      },
    ]);
    expect(events.flatMap((event) => ('partIndex' in event ? [event.partIndex] : []))).toEqual([
      0, 1, 2, 1, 2, 1,
    ]);
  });

  it('takes usage as cumulative: the last count of each kind, and null for none', async () => {
    const { response } = await read([
      start({ input_tokens: 3, cache_read_input_tokens: 7, output_tokens: 1 }),
      ending(null, { input_tokens: null, output_tokens: 4 }),
      ending('end_turn', { input_tokens: 3, output_tokens: 9 }),
      stop,
    ]);
    expect(response?.usage).toEqual({ input: 10, cacheRead: 7, cacheWrite: 0, output: 9, reasoning: 0 });
    expect((await read([start(), ending('end_turn'), stop])).response?.usage).toBeNull();
  });

  it('tells of the usage as soon as it is stated', async () => {
    const told: Usage[] = [];
    const events = stream([start({ input_tokens: 3, output_tokens: 1 })]);
    const reading = async () => {
      for await (const _ of fromAnthropicStream(events, {
        modelId: 'm',
        onUsage: (usage) => told.push(usage),
      }));
    };
    await expect(reading()).rejects.toMatchObject({ kind: 'truncated' });
    expect(told).toMatchObject([{ input: 3, output: 1 }]);
  });

  it('ignores events and deltas that it does not know, and says which blocks it left out', async () => {
    const { response } = await read([
      start(),
      { type: 'something_new' },
      open(0, { type: 'server_tool_use', id: 's', name: 'web_search', input: {} }),
      json('{"query":"x"}', 0),
      open(1, textBlock),
      text('one', 1),
      delta(1, { type: 'citations_delta', citation: {} }),
      { type: 'content_block_stop', index: 1 },
      ending('end_turn'),
      stop,
    ]);
    expect(response?.message.content).toEqual([{ type: 'text', text: 'one' }]);
    expect(response?.warnings).toMatchObject([
      { code: 'block-dropped', message: expect.stringContaining('server_tool_use') },
    ]);
  });

  it.each(['max_tokens', 'refusal', 'model_context_window_exceeded'])(
    'leaves out a call that %s cut, and no other broken one',
    async (reason) => {
      const broken = [
        start(),
        open(0, textBlock),
        text('ok'),
        open(1, { type: 'tool_use', id: 'x', name: 'f' }),
        json('{"a"', 1),
      ];
      const { response } = await read([...broken, ending(reason), stop]);
      expect(response?.message.content).toEqual([{ type: 'text', text: 'ok' }]);
      expect(response?.warnings.map(({ code }) => code)).toEqual(['tool-call-cut']);
      await expect(read([...broken, ending('tool_use'), stop])).rejects.toMatchObject({ kind: 'malformed' });
    },
  );

  it('never lets a call run that had only begun when the answer was cut off', async () => {
    const call = (index: number) =>
      open(index, { type: 'tool_use', id: `x${index}`, name: 'delete_all', input: {} });
    const begun = [start(), call(0), json('', 0), json('{"a":1}', 0), call(1), json('', 1)];
    const { response } = await read([...begun, ending('max_tokens'), stop]);
    expect(response?.message.content).toMatchObject([{ toolCallId: 'x0', input: { a: 1 } }]);
    expect(response?.warnings.map(({ code }) => code)).toEqual(['tool-call-cut']);
    // Where the answer ended by itself, no input is no input.
    const whole = await read([...begun, ending('tool_use'), stop]);
    expect(whole.response?.message.content).toHaveLength(2);
  });

  it.each<[string, unknown[]]>([
    ['nothing', []],
    ['a message_stop without a stop reason', [start(), open(0, textBlock), text('one'), stop]],
  ])('is truncated after %s', async (_, events) => {
    await expect(read(events)).rejects.toMatchObject({ kind: 'truncated' });
  });

  it('keeps an answer whose connection is lost, or whose time is up, behind its end', async () => {
    const whole = [start(), open(0, textBlock), text('one'), ending('end_turn'), stop];
    const timeout = new ModelError('late', { kind: 'timeout', scope: 'model', retry: 'other' });
    const aborted = new ModelError('enough', { kind: 'aborted', scope: 'request', retry: 'none' });
    expect((await read(whole, { failure: new TypeError('terminated') })).response?.finishReason).toBe('stop');
    expect((await read(whole, { ended: timeout })).response?.finishReason).toBe('stop');
    await expect(read(whole, { ended: aborted })).rejects.toBe(aborted);
    // The stop reason is the end: what is lost behind it is `message_stop` alone.
    expect((await read(whole.slice(0, -1))).response?.finishReason).toBe('stop');
    await expect(read(whole.slice(0, -2), { failure: new TypeError('terminated') })).rejects.toThrow(
      'terminated',
    );
  });

  it.each<[string, unknown]>([
    ['an event that is a string', 'hello'],
    ['an event that is null', null],
    ['a start without a message', { type: 'message_start' }],
    ['a block that is a number', open(0, 7 as never)],
    ['a delta that is a number', delta(0, 7)],
    ['a delta of no block', text('x', 5)],
    ['text that is a number', delta(0, { type: 'text_delta', text: 7 })],
    ['input for a text', json('{}')],
    ['a call without a name', open(1, { type: 'tool_use', id: 'x' })],
    ['an end that is a string', { type: 'message_delta', delta: 'x' }],
  ])('is malformed with %s', async (_, bad) => {
    const events = [start(), open(0, textBlock), bad, ending('end_turn'), stop];
    await expect(read(events)).rejects.toMatchObject({ kind: 'malformed' });
  });
});
