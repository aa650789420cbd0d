import { type ChatEvent, ModelError } from '@loci/core';
import { describe, expect, it } from 'vitest';
import { fromMistralStream } from './from-stream.js';

const context = { modelId: 'm' };

/** A chunk as the SDK yields it. */
const chunk = (delta: object, finishReason: string | null = null, more: object = {}) => ({
  data: { id: '1', model: 'm-2512', choices: [{ index: 0, delta, finishReason }], ...more },
});

async function* streamOf(...events: unknown[]) {
  for (const event of events) {
    if (event instanceof Error) throw event;
    yield event;
  }
}

async function read(...events: unknown[]): Promise<ChatEvent[]> {
  const all: ChatEvent[] = [];
  for await (const event of fromMistralStream(streamOf(...events), context)) all.push(event);
  return all;
}

async function finish(...events: unknown[]) {
  const last = (await read(...events)).at(-1);
  if (last?.type !== 'finish') throw new Error('no finish');
  return last.response;
}

const kindOf = (...events: unknown[]) =>
  read(...events).then(
    () => 'a success',
    (error: unknown) => (ModelError.isInstance(error) ? error.kind : error),
  );

describe('fromMistralStream', () => {
  it('keeps thinking and text in their order, each block a part', async () => {
    const think = (text: string) => ({ type: 'thinking', thinking: [{ type: 'text', text }] });
    const { message } = await finish(
      chunk({ content: [think('a'), think('b')] }),
      chunk({ content: 'c' }),
      chunk({ content: [{ type: 'text', text: 'd' }, think('e')] }),
      chunk({ content: '' }, 'stop'),
    );
    expect(message.content.map((part) => [part.type, 'text' in part && part.text])).toEqual([
      ['reasoning', 'ab'],
      ['text', 'cd'],
      ['reasoning', 'e'],
    ]);
  });

  it('keeps thinking that is more than text as the vendor said it', async () => {
    const thinking = [
      { type: 'text', text: 'see ' },
      { type: 'reference', referenceIds: [1] },
    ];
    const { message } = await finish(
      chunk({ content: [{ type: 'thinking', thinking, closed: true }] }),
      chunk({}, 'stop'),
    );
    expect(message.content).toMatchObject([
      { text: 'see ', payload: { type: 'thinking', thinking, closed: true } },
    ]);
  });

  it('leaves out content that has no place in a message, with a warning', async () => {
    const { message, warnings } = await finish(
      chunk({
        content: [
          { type: 'UNKNOWN', raw: {}, isUnknown: true },
          { type: 'reference', referenceIds: [1] },
        ],
      }),
      chunk({ content: 'a' }, 'stop'),
    );
    expect([message.content, warnings.map(({ code }) => code)]).toEqual([
      [{ type: 'text', text: 'a' }],
      ['content-dropped'],
    ]);
  });

  it('leaves out a call that the maximum of tokens cut, and no other', async () => {
    const toolCalls = [{ id: 'abcdefgh1', index: 0, function: { name: 't', arguments: '{"a": ' } }];
    for (const reason of ['length', 'model_length']) {
      const { message, warnings } = await finish(chunk({ content: 'ok', toolCalls }), chunk({}, reason));
      expect([message.content.length, warnings[0]?.code]).toEqual([1, 'tool-call-cut']);
    }
    expect(await kindOf(chunk({ toolCalls }), chunk({}, 'tool_calls'))).toBe('malformed');
  });

  it.each([
    ['stop', 'stop'],
    ['length', 'length'],
    ['model_length', 'context-window'],
    ['tool_calls', 'tool-calls'],
    ['of_tomorrow', 'other'],
  ])('maps the finish reason %s to %s', async (reason, expected) => {
    expect((await finish(chunk({ content: 'a' }, reason))).finishReason).toBe(expected);
  });

  it('says tool-calls where a server says stop after calls', async () => {
    const toolCalls = [{ id: 'abcdefgh1', index: 0, function: { name: 't', arguments: '' } }];
    const { finishReason, message } = await finish(chunk({ toolCalls }, 'stop'));
    expect([finishReason, message.content]).toEqual([
      'tool-calls',
      [{ type: 'tool-call', toolCallId: 'abcdefgh1', toolName: 't', input: {} }],
    ]);
  });

  it('needs a finish reason, and loses nothing when the connection is lost after it', async () => {
    const lost = new TypeError('terminated');
    expect(await kindOf(chunk({ content: 'a' }))).toBe('truncated');
    expect(await kindOf(chunk({ content: 'a' }, 'error'))).toBe('server');
    expect(await kindOf(chunk({ content: 'a' }), lost)).toBe(lost);
    expect(await kindOf(chunk({ content: 'a' }, 'stop'), lost)).toBe('a success');
  });

  it.each([
    ['a chunk', 7],
    ['choices', { data: { choices: 'none' } }],
    ['a choice', { data: { choices: [7] } }],
    ['a delta', chunk(7 as never)],
    ['content', chunk({ content: 7 })],
    ['a content chunk', chunk({ content: [7] })],
    ['a thinking chunk', chunk({ content: [{ type: 'thinking' }] })],
    ['tool calls', chunk({ toolCalls: 7 })],
    ['a tool call', chunk({ toolCalls: [7] })],
    ['a call without a name', chunk({ toolCalls: [{ function: { name: '', arguments: '' } }] })],
    ['arguments', chunk({ toolCalls: [{ function: { name: 't', arguments: 7 } }] })],
  ])('takes nothing malformed for an answer: %s', async (_, event) => {
    expect(await kindOf(event, chunk({}, 'stop'))).toBe('malformed');
  });

  it('reads only the first of several choices, and the usage wherever it is', async () => {
    const { message, usage, notes } = await finish(
      chunk({ content: 'a' }, 'stop'),
      { data: { choices: [{ index: 1, delta: { content: 'b' }, finishReason: 'stop' }] } },
      { data: { choices: [], usage: { promptTokens: 3, completionTokens: 1, totalTokens: 4 } } },
    );
    expect([message.content, usage?.input, notes]).toEqual([
      [{ type: 'text', text: 'a' }],
      3,
      { mistral: { servedModel: 'm-2512' } },
    ]);
  });
});
