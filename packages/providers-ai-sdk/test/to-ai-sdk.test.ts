import type { LanguageModelV4CallOptions, LanguageModelV4StreamPart } from '@ai-sdk/provider';
import {
  type ChatEvent,
  type ChatModel,
  type ChatResponse,
  createMemoryStore,
  createMessage,
  defineModel,
  InvalidInputError,
  type JsonValue,
  type Message,
  openThread,
  type Part,
} from '@loci/core';
import { withMemory } from '@loci/core/turn';
import { createTestClock, scriptedModel } from '@loci/testing';
import { generateText, isStepCount, type ModelMessage, streamText, tool } from 'ai';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { fromAiSdk } from '../src/from.js';
import { fromAiSdkPrompt, toAiSdk } from '../src/to.js';
import { ask } from './harness.js';
import { finish, playedModel, text, toStream } from './played-model.js';

const prompt: LanguageModelV4CallOptions['prompt'] = [
  { role: 'user', content: [{ type: 'text', text: 'Go.' }] },
];
const origin = { provider: 'deep', model: 'thinker' };
const usage = { input: 10, cacheRead: 4, cacheWrite: 1, cacheWriteLong: 1, output: 6, reasoning: 2 };

/** A model that yields these deltas and finishes with these parts. */
function saying(
  deltas: readonly ChatEvent[],
  content: readonly Part[],
  rest: Partial<ChatResponse> = {},
): ChatModel {
  const { traits } = scriptedModel([]);
  return defineModel({
    provider: 'deep',
    modelId: 'thinker',
    traits,
    async *stream() {
      yield* deltas;
      const message = createMessage({ id: 'm1', createdAt: 5, role: 'assistant', content });
      yield {
        type: 'finish',
        response: {
          message,
          finishReason: 'stop',
          usage,
          model: { provider: 'deep', modelId: 'thinker-2' },
          warnings: [],
          ...rest,
        },
      };
    },
  });
}

async function partsOf(
  model: ChatModel,
  options: Partial<LanguageModelV4CallOptions> = {},
): Promise<LanguageModelV4StreamPart[]> {
  const { stream } = await toAiSdk(model).doStream({ prompt, ...options });
  const parts: LanguageModelV4StreamPart[] = [];
  for await (const part of stream) parts.push(part);
  return parts;
}

describe('toAiSdk', () => {
  it('streams blocks in the order of V4, and a call only when it is final', async () => {
    const call = { toolCallId: 'c1', toolName: 'weather' };
    const reasoning = { type: 'reasoning', text: 'Hm.', origin, payload: { sealed: 'x' } } as const;
    const model = saying(
      [
        { type: 'reasoning-delta', partIndex: 0, text: 'Hm.' },
        { type: 'text-delta', partIndex: 1, text: 'I ' },
        { type: 'text-delta', partIndex: 1, text: 'look.' },
        { type: 'tool-call-delta', partIndex: 2, ...call, inputText: '{"city":' },
        { type: 'tool-call-delta', partIndex: 2, ...call, inputText: '"Porto"}' },
      ],
      [
        reasoning,
        { type: 'text', text: 'I look.' },
        { type: 'tool-call', ...call, input: { city: 'Porto' } },
      ],
      {
        finishReason: 'tool-calls',
        warnings: [{ code: 'late', message: 'It came late.' }],
        notes: { router: { attempts: 2 } },
      },
    );
    const warnings = [{ type: 'unsupported', feature: 'seed', details: expect.any(String) }];
    expect(await partsOf(model, { seed: 1 })).toEqual([
      { type: 'stream-start', warnings },
      { type: 'response-metadata', modelId: 'thinker' },
      { type: 'reasoning-start', id: '0' },
      { type: 'reasoning-delta', id: '0', delta: 'Hm.' },
      { type: 'text-start', id: '1' },
      { type: 'text-delta', id: '1', delta: 'I ' },
      { type: 'text-delta', id: '1', delta: 'look.' },
      { type: 'tool-input-start', id: 'c1', toolName: 'weather' },
      { type: 'tool-input-delta', id: 'c1', delta: '{"city":' },
      { type: 'tool-input-delta', id: 'c1', delta: '"Porto"}' },
      { type: 'response-metadata', id: 'm1', timestamp: new Date(5), modelId: 'thinker-2' },
      {
        type: 'reasoning-end',
        id: '0',
        providerMetadata: { loci: { origin, payload: { sealed: 'x' } } },
      },
      { type: 'text-end', id: '1' },
      { type: 'tool-input-end', id: 'c1' },
      { type: 'tool-call', ...call, input: '{"city":"Porto"}' },
      {
        type: 'finish',
        finishReason: { unified: 'tool-calls', raw: 'tool-calls' },
        usage: {
          inputTokens: { total: 10, noCache: 5, cacheRead: 4, cacheWrite: 1 },
          outputTokens: { total: 6, text: 4, reasoning: 2 },
          raw: usage,
        },
        providerMetadata: {
          loci: {
            model: { provider: 'deep', modelId: 'thinker-2' },
            notes: { router: { attempts: 2 } },
            warnings: [{ code: 'late', message: 'It came late.' }],
          },
        },
      },
    ]);
  });

  it('streams what had no deltas with the end, and fails where the answer is not what they said', async () => {
    const sealed = { type: 'reasoning', text: '', origin, payload: 'x' } as const;
    const whole = await partsOf(saying([], [sealed, { type: 'text', text: 'Yes.' }]));
    expect(whole.map(({ type }) => type)).toEqual([
      'stream-start',
      'response-metadata',
      'response-metadata',
      'reasoning-start',
      'reasoning-end',
      'text-start',
      'text-delta',
      'text-end',
      'finish',
    ]);
    const delta = { type: 'text-delta', partIndex: 0, text: 'No.' } as const;
    const differing = await partsOf(saying([delta], [{ type: 'text', text: 'Yes.' }]));
    expect(differing.at(-1)).toMatchObject({ type: 'error', error: { data: { kind: 'malformed' } } });
  });

  it('leaves out a call that was cut off, and ends its input', async () => {
    const begun = {
      type: 'tool-call-delta',
      partIndex: 0,
      toolCallId: 'c',
      toolName: 't',
      inputText: '{',
    } as const;
    const parts = await partsOf(saying([begun], [], { finishReason: 'context-window', usage: null }));
    expect(parts.map(({ type }) => type)).not.toContain('tool-call');
    expect(parts.slice(-2)).toMatchObject([
      { type: 'tool-input-end', id: 'c' },
      {
        type: 'finish',
        finishReason: { unified: 'length', raw: 'context-window' },
        usage: { inputTokens: { total: undefined }, outputTokens: { total: undefined } },
      },
    ]);
  });

  it('ends the call of a model when the reader leaves, before the first part and later', async () => {
    const clock = createTestClock();
    const slow = scriptedModel(() => ({ text: 'one two three', delayMs: 100 }), { clock });
    const opening = toAiSdk(slow).doStream({ prompt });
    await clock.advance(100);
    const { stream } = await opening;
    await stream.cancel();
    await expect.poll(() => clock.pending()).toEqual([]);

    const reopening = toAiSdk(slow).doStream({ prompt });
    await clock.advance(100);
    const reader = (await reopening).stream.getReader();
    for (let part = 0; part < 4; part++) await reader.read();
    const waiting = reader.read();
    await expect.poll(() => clock.pending()).toHaveLength(1);
    await reader.cancel();
    expect(await waiting).toMatchObject({ done: true });
    await expect.poll(() => clock.pending()).toEqual([]);
  });

  it('breaks the stream where the caller aborts', async () => {
    const clock = createTestClock();
    const slow = scriptedModel(() => ({ text: 'one two three', delayMs: 100 }), { clock });
    const controller = new AbortController();
    const opening = toAiSdk(slow).doStream({ prompt, abortSignal: controller.signal });
    await clock.advance(100);
    const reader = (await opening).stream.getReader();
    controller.abort('enough');
    const reading = (async () => {
      for (let next = await reader.read(); !next.done; next = await reader.read());
    })();
    await expect(reading).rejects.toMatchObject({ name: 'AbortError', cause: 'enough' });
    expect(clock.pending()).toEqual([]);
  });

  it('gives back to a model of the AI SDK behind it what that wants back with texts and calls', async () => {
    const signed = { google: { thoughtSignature: 's' } };
    const call = { type: 'tool-call', toolCallId: 'c1', toolName: 'weather', input: '{}' } as const;
    const inner = playedModel(({ prompt: sent }) => {
      const answer = sent.at(-1)?.role === 'tool' ? [...text('19 °C'), finish()] : undefined;
      return Promise.resolve({
        stream: toStream(answer ?? [{ ...call, providerMetadata: signed }, finish('tool-calls')]),
      });
    });
    const weather = tool({ inputSchema: z.object({}), execute: () => '19 °C' });
    const settings = { tools: { weather }, stopWhen: isStepCount(3), prompt: 'How is it?' };
    for (const run of [generateText, streamText])
      expect(await (await run({ model: toAiSdk(fromAiSdk(inner)), ...settings })).text).toBe('19 °C');
    for (const { prompt: sent } of [inner.calls[1], inner.calls[3]].filter((made) => made !== undefined))
      expect(sent[1]?.content).toMatchObject([{ type: 'tool-call', providerOptions: signed }]);
    expect(inner.calls).toHaveLength(4);
  });

  it('is a model of the AI SDK with what the model is known to take, and takes nothing else', () => {
    const bridged = toAiSdk(scriptedModel([], { modelId: 'a' }));
    expect(bridged).toMatchObject({ specificationVersion: 'v4', provider: 'scripted', modelId: 'a' });
    expect(Object.keys(bridged.supportedUrls)).toEqual(['image/*']);
    expect(Object.isFrozen(bridged)).toBe(true);
    expect(() => toAiSdk({ specificationVersion: 'v4' } as unknown as ChatModel)).toThrow(
      /model: is not a chat model of Loci/,
    );
  });

  it('never lets a model begin again, and leaves an error of Loci that is no ModelError as it is', async () => {
    const restarting = defineModel({
      provider: 'deep',
      modelId: 'thinker',
      traits: scriptedModel([]).traits,
      async *stream(_, { accepts }) {
        yield { type: 'text-delta', partIndex: 0, text: 'a' };
        if (accepts?.includes('restart')) yield { type: 'restart', reason: 'server' };
        throw new InvalidInputError('here', 'is wrong');
      },
    });
    const parts = await partsOf(restarting);
    expect(parts.at(-1)).toMatchObject({ type: 'error', error: { code: 'INVALID_INPUT' } });
    expect(parts.filter(({ type }) => type === 'text-delta')).toHaveLength(1);
  });

  it('bridges a model with memory: what the AI SDK sends is aligned with the thread, tool by tool', async () => {
    const call = { toolName: 'weather', input: { city: 'Porto' } };
    const model = scriptedModel(({ messages }) =>
      messages.at(-1)?.role === 'tool' || messages.length > 3
        ? `I was told ${messages.length} messages.`
        : { reasoning: 'Hm.', toolCalls: [call] },
    );
    const thread = openThread({ store: createMemoryStore(), key: ['chat'] });
    const remembering = toAiSdk(withMemory(model, { thread, input: 'whole', contextWindow: 8000 }));
    const weather = tool({
      inputSchema: z.object({ city: z.string() }),
      execute: () => ({ degrees: 19 }),
    });
    const messages: ModelMessage[] = [];
    for (const content of ['How is the weather in Porto?', 'Sure?']) {
      messages.push({ role: 'user', content });
      const settings = { model: remembering, tools: { weather }, stopWhen: isStepCount(3), messages };
      const { responseMessages } = await generateText(settings);
      messages.push(...responseMessages);
    }
    expect(messages.map(({ role }) => role)).toEqual([
      ...['user', 'assistant', 'tool', 'assistant'],
      ...['user', 'assistant'],
    ]);
    expect((await thread.view()).messages.map(({ role }) => role)).toEqual(messages.map(({ role }) => role));
    expect(messages.at(-1)?.content).toMatchObject([{ type: 'text', text: 'I was told 5 messages.' }]);
  });
});

describe('fromAiSdk of toAiSdk', () => {
  const partArbitrary: fc.Arbitrary<Part> = fc.oneof(
    fc.record({ type: fc.constant('text' as const), text: fc.string({ minLength: 1 }) }),
    fc.record({
      type: fc.constant('reasoning' as const),
      text: fc.string(),
      origin: fc.constant(origin),
      payload: fc.constantFrom('sealed', { signature: 'x' }, { id: 1, nested: [null] }),
    }),
  );
  const callArbitrary: fc.Arbitrary<Part> = fc.record({
    type: fc.constant('tool-call' as const),
    toolCallId: fc.stringMatching(/^[a-z]{8}$/),
    toolName: fc.constantFrom('weather', 'files.read'),
    // JSON has no negative zero.
    input: fc
      .dictionary(fc.string(), fc.jsonValue())
      .map((value) => JSON.parse(JSON.stringify(value)) as JsonValue),
  });
  const responses = fc.record({
    content: fc
      .tuple(
        fc.array(partArbitrary, { maxLength: 4 }),
        fc.uniqueArray(callArbitrary, { maxLength: 3, selector: (part) => JSON.stringify(part) }),
      )
      .map(([said, calls]) => [...said, ...calls]),
    finishReason: fc.constantFrom<ChatResponse['finishReason'][]>('stop', 'tool-calls', 'paused', 'other'),
    usage: fc.constantFrom(usage, null),
    warnings: fc.array(fc.record({ code: fc.string(), message: fc.string() }), { maxLength: 2 }),
    notes: fc.constantFrom({ router: { attempts: 1 } }, { explain: [] }),
  });

  it('answers what the model answers, and gives its reasoning back to it as it was', async () => {
    await fc.assert(
      fc.asyncProperty(responses, async ({ content, ...rest }) => {
        const inner = saying([], content, rest);
        const seen: Message[] = [];
        const listening: ChatModel = {
          ...inner,
          stream: (request, options) => {
            seen.push(...request.messages);
            return inner.stream(request, options);
          },
        };
        const outer = fromAiSdk(toAiSdk(listening));
        const { message, finishReason, usage: counted, warnings, notes } = await outer.generate(ask('Go.'));
        expect({ finishReason, usage: counted, warnings }).toEqual({
          finishReason: rest.finishReason,
          usage: rest.usage,
          warnings: rest.warnings,
        });
        expect(notes).toMatchObject(rest.notes);
        expect(message.content.map(withoutPayload)).toEqual(content.map(withoutPayload));

        // Reasoning comes back in front of what it led to.
        const answer = { ...message, content: [...message.content, { type: 'text', text: '.' } as const] };
        const calls = content.flatMap((part) => (part.type === 'tool-call' ? [part] : []));
        if (calls.length > 0) return;
        seen.length = 0;
        await outer.generate({ messages: [...ask('Go.').messages, answer, ...ask('On.').messages] });
        const replayed = seen[1]?.content.filter(({ type }) => type === 'reasoning');
        expect(replayed).toEqual(content.filter(({ type }) => type === 'reasoning'));
      }),
      { numRuns: 100 },
    );
  });
});

function withoutPayload(part: Part): Part {
  return part.type === 'reasoning' ? { type: part.type, text: part.text, origin: part.origin } : part;
}

describe('fromAiSdkPrompt', () => {
  it('reads every kind of part, and names what has no place', () => {
    const { messages, warnings } = fromAiSdkPrompt([
      { role: 'system', content: 'Be brief.', providerOptions: { loci: { id: 'rules' } } },
      {
        role: 'user',
        content: [
          { type: 'file', mediaType: 'image', data: { type: 'url', url: new URL('https://example.com/a') } },
          { type: 'file', mediaType: 'text/plain', data: { type: 'text', text: 'hé' }, filename: 'a.txt' },
          { type: 'file', mediaType: 'image/png', data: { type: 'reference', reference: { openai: 'f1' } } },
        ],
      },
      {
        role: 'assistant',
        content: [
          { type: 'reasoning', text: 'Hm.', providerOptions: { anthropic: { signature: 'x' } } },
          { type: 'tool-call', toolCallId: 'c', toolName: 't', input: {} },
          { type: 'custom', kind: 'a.b' },
        ],
      },
      {
        role: 'tool',
        content: [
          {
            type: 'tool-result',
            toolCallId: 'c',
            toolName: 't',
            output: { type: 'execution-denied', reason: 'no' },
          },
          {
            type: 'tool-result',
            toolCallId: 'd',
            toolName: 't',
            output: { type: 'content', value: [{ type: 'text', text: 'a' }, { type: 'custom' }] },
          },
          { type: 'tool-approval-response', approvalId: 'x', approved: true },
        ],
      },
    ]);
    expect(messages[0]?.id).toBe('rules');
    expect(messages.map(({ role, content }) => ({ role, content }))).toEqual([
      { role: 'system', content: [{ type: 'text', text: 'Be brief.' }] },
      {
        role: 'user',
        content: [
          { type: 'image', mediaType: 'image/*', data: 'https://example.com/a' },
          { type: 'file', mediaType: 'text/plain', data: 'aMOp', name: 'a.txt' },
        ],
      },
      {
        role: 'assistant',
        content: [
          { type: 'reasoning', text: 'Hm.', origin: { provider: 'ai-sdk', model: 'unknown' } },
          { type: 'tool-call', toolCallId: 'c', toolName: 't', input: {} },
        ],
      },
      {
        role: 'tool',
        content: [
          { type: 'tool-result', toolCallId: 'c', toolName: 't', output: 'no', isError: true },
          { type: 'tool-result', toolCallId: 'd', toolName: 't', output: 'a', isError: false },
        ],
      },
    ]);
    expect(warnings).toMatchObject([{ code: 'part-dropped', message: expect.stringContaining('(4 times)') }]);
  });
});
