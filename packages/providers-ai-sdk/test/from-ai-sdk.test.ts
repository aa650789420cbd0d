import type { LanguageModelV4, LanguageModelV4StreamPart } from '@ai-sdk/provider';
import { type ChatModel, createMessage, type Message, messageText } from '@loci/core';
import { createTestClock } from '@loci/testing';
import { describe, expect, it } from 'vitest';
import { fromAiSdk } from '../src/from.js';
import { ask, blocksOf, bodyOf, connect, failureOf, start } from './harness.js';
import { finish, playedModel, text, toStream } from './played-model.js';

const tools = [
  { name: 'weather', description: 'The weather.', inputSchema: { type: 'object' } },
  { name: 'files.read', description: 'Reads.', inputSchema: {} },
];

/** One question and the answer, on top of a history. */
async function say(model: ChatModel, history: readonly Message[], question: Message, more = {}) {
  const messages = [...history, question];
  const response = await model.generate({ messages, ...more });
  return { response, messages: [...messages, response.message] };
}

describe('fromAiSdk', () => {
  it('takes only models of specification V4', () => {
    const old = { ...playedModel([]), specificationVersion: 'v3' } as unknown as LanguageModelV4;
    expect(() => fromAiSdk(old)).toThrow(
      /specification version "v3", not "v4"; install the provider package/,
    );
    expect(() => fromAiSdk('anthropic/claude-opus-5' as unknown as LanguageModelV4)).toThrow(
      /model: is not an AI SDK language model/,
    );
    expect(() => fromAiSdk(playedModel([]), { timeouts: { idleMs: -1 } })).toThrow(
      /settings.timeouts.idleMs/,
    );
    expect(() => fromAiSdk(playedModel([]), { secrets: 'key' as unknown as string[] })).toThrow(
      /settings.secrets: is not a list of strings/,
    );
  });

  it('sends what the request asks for, in the words of the AI SDK', async () => {
    const model = playedModel([...text('{}'), finish()]);
    const response = await fromAiSdk(model).generate({
      ...ask('Hello?'),
      tools,
      toolChoice: { toolName: 'files.read' },
      output: { name: 'answer', schema: { type: 'object' } },
      maxOutputTokens: 5,
      temperature: 0.5,
      reasoning: { effort: 'medium' },
      vendor: { 'test.chat': { mode: 'fast' }, anthropic: { ignored: true } },
    });
    expect(response.warnings).toEqual([]);
    const [call] = model.calls;
    const wireName = call?.tools?.[1]?.name;
    expect(wireName).toMatch(/^files_read_\w+$/);
    expect(call).toMatchObject({
      prompt: [{ role: 'user', content: [{ type: 'text', text: 'Hello?' }] }],
      tools: [
        { type: 'function', name: 'weather' },
        { type: 'function', inputSchema: { type: 'object' } },
      ],
      toolChoice: { type: 'tool', toolName: wireName },
      responseFormat: { type: 'json', name: 'answer', schema: { type: 'object' } },
      maxOutputTokens: 5,
      temperature: 0.5,
      reasoning: 'medium',
      providerOptions: { test: { mode: 'fast' } },
    });
    expect(call?.providerOptions).not.toHaveProperty('anthropic');
  });

  it('says what it left out: features that the model has not, choices of tools that are not there', async () => {
    const model = playedModel([
      { type: 'stream-start', warnings: [{ type: 'unsupported', feature: 'seed' }] },
      ...text('Yes.'),
      finish(),
    ]);
    const { warnings } = await fromAiSdk(model, { traits: { features: { reasoning: 'no' } } }).generate({
      ...ask('Is it?'),
      reasoning: { effort: 'low' },
      toolChoice: 'required',
      output: { name: 'x', schema: 'none' },
    });
    expect(warnings.map(({ code }) => code)).toEqual(['output-schema', 'reasoning', 'tool-choice', 'seed']);
    expect(model.calls[0]).not.toHaveProperty('reasoning');
  });

  it('refuses vendor settings that are none, and a request without anything to say', async () => {
    const model = fromAiSdk(playedModel([finish()]));
    await expect(model.generate({ ...ask('Hello?'), vendor: { 'test.chat': 'fast' } })).rejects.toMatchObject(
      {
        path: 'request.vendor.test.chat',
      },
    );
    expect(await failureOf(model.generate(ask(' ')))).toMatchObject({ kind: 'invalid-request' });
  });

  it('sends images and files; a URL that the provider does not fetch is named in a text', async () => {
    const model = playedModel([...text('A dot.'), finish()], {
      supportedUrls: Promise.resolve({ 'image/*': [/^https:\/\/example\.com\//] }),
    });
    const content = [
      { type: 'image', mediaType: 'image/jpeg', data: 'https://example.com/a.jpg' },
      { type: 'image', mediaType: 'image/jpeg', data: 'https://elsewhere.example/a.jpg' },
      { type: 'image', mediaType: 'image/png', data: 'data:image/png;base64,iVBORw0K' },
      { type: 'file', mediaType: 'application/pdf', data: 'JVBERi0=', name: 'a.pdf' },
      { type: 'file', mediaType: 'application/zip', data: 'UEsFBg==' },
    ] as const;
    const { warnings } = await fromAiSdk(model).generate({
      messages: [createMessage({ role: 'user', content })],
    });
    expect(model.calls[0]?.prompt[0]?.content).toMatchObject([
      { type: 'file', mediaType: 'image/jpeg', data: { url: new URL('https://example.com/a.jpg') } },
      { type: 'text', text: 'Image : https://elsewhere.example/a.jpg' },
      { type: 'file', mediaType: 'image/png', data: { type: 'data', data: 'iVBORw0K' } },
      { type: 'file', filename: 'a.pdf', data: { type: 'data', data: 'JVBERi0=' } },
    ]);
    expect(warnings.map(({ code }) => code)).toEqual(['media-dropped', 'media-as-text']);
  });

  it('keeps signed reasoning, gives it back to its model, and to no other one', async () => {
    const server = await start({
      answer: ({ messages }) => ({ thinking: `Step ${messages.length}.`, text: 'So it is.' }),
    });
    const request = { reasoning: { effort: 'low' } } as const;
    const first = await say(connect(server), [], createMessage({ role: 'user', content: 'Is it?' }), request);
    expect(first.response.message.content[0]).toMatchObject({
      type: 'reasoning',
      text: 'Step 1.',
      origin: { provider: 'anthropic.messages', model: 'claude-opus-5' },
      payload: { anthropic: { signature: expect.any(String) } },
    });
    const question = createMessage({ role: 'user', content: 'Really?' });
    await say(connect(server), first.messages, question, request);
    await say(connect(server, {}, 'claude-sonnet-5'), first.messages, question, request);
    expect(server.requests.map(({ rejected }) => rejected)).toEqual([undefined, undefined, undefined]);
    expect(blocksOf(bodyOf(server, 1), 1).map(({ type }) => type)).toEqual(['thinking', 'text']);
    expect(blocksOf(bodyOf(server, 2), 1).map(({ type }) => type)).toEqual(['text']);
  });

  it('goes on behind results with the signed reasoning that led to their calls', async () => {
    const server = await start({
      answer: ({ messages }) =>
        messages.length > 2
          ? { thinking: 'I know.', text: '19 °C' }
          : { thinking: 'Let me look.', toolCalls: [{ name: 'weather', input: { city: 'Porto' } }] },
    });
    const model = connect(server);
    const request = { tools, reasoning: { effort: 'low' } } as const;
    const question = createMessage({ role: 'user', content: 'How is the weather?' });
    const { response, messages } = await say(model, [], question, request);
    const call = response.message.content.find((part) => part.type === 'tool-call');
    const result = createMessage({
      role: 'tool',
      content: [
        {
          type: 'tool-result',
          toolCallId: call?.toolCallId ?? '',
          toolName: 'weather',
          output: { degrees: 19 },
          isError: true,
        },
      ],
    });
    const last = await say(model, messages, result, request);
    expect(messageText(last.response.message)).toBe('19 °C');
    expect(server.requests.map(({ rejected }) => rejected)).toEqual([undefined, undefined]);
    expect(blocksOf(bodyOf(server, 1), 1)).toMatchObject([
      { type: 'thinking', thinking: 'Let me look.' },
      { type: 'tool_use', id: call?.toolCallId },
    ]);
    expect(blocksOf(bodyOf(server, 1), 2)).toMatchObject([
      { type: 'tool_result', tool_use_id: call?.toolCallId, content: '{"degrees":19}', is_error: true },
    ]);
  });

  it('keeps what a provider wants back with texts and calls, and gives it back to it alone', async () => {
    const signed = (signature: string) => ({ google: { thoughtSignature: signature } });
    const answer = playedModel([
      { type: 'text-start', id: '0' },
      { type: 'text-delta', id: '0', delta: 'I look.' },
      { type: 'text-end', id: '0', providerMetadata: signed('a') },
      {
        type: 'tool-call',
        toolCallId: 'c1',
        toolName: 'weather',
        input: '{}',
        providerMetadata: signed('b'),
      },
      finish('tool-calls'),
    ]);
    const { message } = await fromAiSdk(answer).generate({ ...ask('How is it?'), tools });
    const stored = JSON.parse(JSON.stringify(message)) as Message;
    const result = createMessage({
      role: 'tool',
      content: [
        { type: 'tool-result', toolCallId: 'c1', toolName: 'weather', output: '19 °C', isError: false },
      ],
    });
    const messages = [...ask('How is it?').messages, stored, result];
    const again = playedModel([...text('19 °C'), finish()]);
    await fromAiSdk(again).generate({ messages, tools });
    await fromAiSdk(again, { provider: 'another' }).generate({ messages, tools });
    const sent = again.calls.map(({ prompt }) =>
      prompt.flatMap(({ role, content }) =>
        role === 'assistant' ? content.map(({ providerOptions }) => providerOptions) : [],
      ),
    );
    expect(sent).toEqual([
      [signed('a'), signed('b')],
      [undefined, undefined],
    ]);
  });

  it('marks the end of a prefix where it was told how', async () => {
    const server = await start({ answer: () => 'Yes.' });
    const messages = [
      createMessage({ id: 'rules', role: 'system', content: 'Be brief.' }),
      ...ask('Is it?').messages,
    ];
    const cacheMark = { anthropic: { cacheControl: { type: 'ephemeral' } } };
    await connect(server, { cacheMark }).generate({
      messages,
      cache: { affinityKey: 'a', prefixEnds: ['rules'] },
    });
    expect(bodyOf(server).system).toMatchObject([{ cache_control: { type: 'ephemeral' } }]);
  });

  it('has usage, request id, rate limits and what the provider said of the call', async () => {
    const server = await start({
      answer: () => ({ text: 'Yes.', cacheRead: 4, cacheWrite5m: 2, cacheWrite1h: 3 }),
    });
    const { usage, model, notes } = await connect(server).generate(ask('Is it?'));
    expect(usage).toMatchObject({ cacheRead: 4, cacheWrite: 5, cacheWriteLong: 3, reasoning: 0 });
    expect(usage?.input).toBeGreaterThan(9);
    expect(model).toEqual({
      provider: 'anthropic.messages',
      modelId: 'claude-opus-5',
      requestId: 'req_000000000001',
    });
    expect(notes?.['anthropic.messages']).toMatchObject({
      servedModel: 'claude-opus-5',
      rateLimits: { 'anthropic-ratelimit-requests-limit': '4000' },
      metadata: { anthropic: { stopSequence: null } },
    });
  });
});

describe('an answer of the AI SDK', () => {
  const generate = (parts: Parameters<typeof toStream>[0]) =>
    fromAiSdk(playedModel(parts)).generate({ ...ask('Go.'), tools });

  it.each([
    ['without a finish', text('half')],
    ['that was interrupted', [...text('half'), finish('interrupted')]],
    [
      'with the reason with which providers begin',
      [...text('half'), { ...finish(), finishReason: { unified: 'other' as const, raw: undefined } }],
    ],
  ])('%s is truncated, with what came before', async (_, parts) => {
    const error = await failureOf(generate(parts));
    expect(error).toMatchObject({ kind: 'truncated' });
    expect(error.partial && messageText(error.partial)).toBe('half');
  });

  it('that is cut says what it has cost, as far as it was stated', async () => {
    const cut = finish('interrupted');
    const inputTokens = { ...cut.usage.inputTokens, total: 7 };
    const outputTokens = { ...cut.usage.outputTokens, total: 2 };
    const error = await failureOf(
      generate([...text('half'), { ...cut, usage: { inputTokens, outputTokens } }]),
    );
    expect(error.usage).toMatchObject({ input: 7, output: 2, cacheRead: 0 });
  });

  it('that ends with an error is a failure of the server', async () => {
    expect(await failureOf(generate([...text('half'), finish('error')]))).toMatchObject({ kind: 'server' });
  });

  it('loses nothing by what goes wrong behind its end', async () => {
    const late = { type: 'error', error: 'Too late.' } as const;
    expect((await generate([...text('Yes.'), finish(), late])).finishReason).toBe('stop');
    const lost = (parts: readonly LanguageModelV4StreamPart[]) => {
      const left = [...parts];
      const stream = new ReadableStream<LanguageModelV4StreamPart>({
        pull(controller) {
          const part = left.shift();
          if (part) controller.enqueue(part);
          else controller.error(Object.assign(new Error('Closed.'), { code: 'ConnectionClosed' }));
        },
      });
      return fromAiSdk(playedModel(() => Promise.resolve({ stream }))).generate(ask('Go.'));
    };
    expect(messageText((await lost([...text('Yes.'), finish()])).message)).toBe('Yes.');
    expect(await failureOf(lost(text('half')))).toMatchObject({ kind: 'connection', retry: 'same' });
  });

  it('has no usage where none was stated', async () => {
    expect((await generate([...text('Yes.'), finish()])).usage).toBeNull();
  });

  it.each([
    ['stop', 'pause_turn', 'paused'],
    ['length', 'model_context_window_exceeded', 'context-window'],
    ['other', 'something new', 'other'],
  ] as const)('that ended with %s because of %s has the reason %s', async (unified, raw, reason) => {
    expect((await generate([...text('Yes.'), finish(unified, raw)])).finishReason).toBe(reason);
  });

  it('may have a call in one piece, by a name that was rewritten', async () => {
    const model = playedModel(({ tools: sent }) =>
      Promise.resolve({
        stream: toStream([
          { type: 'tool-call', toolCallId: 'c', toolName: sent?.[1]?.name ?? '', input: '{"path":"a"}' },
          finish('tool-calls'),
        ]),
      }),
    );
    const events = [];
    for await (const event of fromAiSdk(model).stream({ ...ask('Read.'), tools })) events.push(event);
    const call = { toolCallId: 'c', toolName: 'files.read' };
    expect(events).toMatchObject([
      { type: 'tool-call-delta', ...call, inputText: '{"path":"a"}' },
      { type: 'finish', response: { message: { content: [{ ...call, input: { path: 'a' } }] } } },
    ]);
  });

  it('that is cut inside a call leaves the call out; one that was not cut is malformed', async () => {
    const begun = { type: 'tool-input-start', id: 'c', toolName: 'weather' } as const;
    const empty = { type: 'tool-call', toolCallId: 'c', toolName: 'weather', input: '{}' } as const;
    const response = await generate([...text('I look.'), begun, empty, finish('length')]);
    expect(response.message.content).toMatchObject([{ type: 'text' }]);
    expect(response.warnings).toMatchObject([{ code: 'tool-call-cut' }]);
    expect(await failureOf(generate([begun, finish('tool-calls')]))).toMatchObject({ kind: 'malformed' });
  });

  it('keeps a file, and names what it does not read', async () => {
    const { message, warnings } = await generate([
      { type: 'file', mediaType: 'image/png', data: { type: 'data', data: new Uint8Array([1, 2, 3]) } },
      { type: 'source', sourceType: 'url', id: 's', url: 'https://example.com/' },
      { type: 'tool-call', toolCallId: 'c', toolName: 'search', input: '{}', providerExecuted: true },
      { type: 'tool-result', toolCallId: 'c', toolName: 'search', result: [] },
      ...text('Here.'),
      finish(),
    ]);
    expect(message.content).toEqual([
      { type: 'image', mediaType: 'image/png', data: 'AQID' },
      { type: 'text', text: 'Here.' },
    ]);
    expect(warnings).toMatchObject([
      { code: 'part-dropped', message: expect.stringContaining('source parts, calls that the provider ran') },
    ]);
  });

  it('is ended by the caller and by the clock, also where the model heeds no signal', async () => {
    let closed = 0;
    const deaf = () =>
      new ReadableStream({
        start(controller) {
          for (const part of text('one ').slice(0, 2)) controller.enqueue(part);
        },
        cancel: () => {
          closed++;
        },
      });
    const clock = createTestClock();
    const stalled = fromAiSdk(
      playedModel(() => Promise.resolve({ stream: deaf() })),
      { clock },
    );
    const controller = new AbortController();
    const reading = failureOf(
      (async () => {
        for await (const _ of stalled.stream(ask('Count.'), { signal: controller.signal }))
          controller.abort('enough');
      })(),
    );
    expect(await reading).toMatchObject({ kind: 'aborted', cause: 'enough' });

    const opening = Promise.withResolvers<{ stream: ReturnType<typeof deaf> }>();
    const silent = fromAiSdk(
      playedModel(() => opening.promise),
      { clock },
    );
    const waiting = failureOf(silent.generate(ask('Count.'), { timeouts: { headersMs: 10 } }));
    await clock.advance(10);
    expect(await waiting).toMatchObject({ kind: 'timeout', scope: 'model' });
    opening.resolve({ stream: deaf() });
    await expect.poll(() => closed).toBe(2);
    expect(clock.pending()).toEqual([]);
  });

  it('is idle while there are only pings', async () => {
    const clock = createTestClock();
    const pinging = () =>
      new ReadableStream<LanguageModelV4StreamPart>({
        start(controller) {
          for (const part of text('one ').slice(0, 2)) controller.enqueue(part);
          for (let ping = 0; ping < 2; ping++)
            clock.after(100 + ping * 100, () => controller.enqueue({ type: 'ping' }));
        },
      });
    const model = fromAiSdk(
      playedModel(() => Promise.resolve({ stream: pinging() })),
      { clock },
    );
    const begun = Promise.withResolvers<void>();
    const reading = failureOf(
      (async () => {
        for await (const _ of model.stream(ask('Count.'), { timeouts: { idleMs: 250 } })) begun.resolve();
      })(),
    );
    await begun.promise;
    for (let step = 0; step < 6; step++) await clock.advance(50);
    expect(await reading).toMatchObject({ kind: 'timeout', message: expect.stringContaining('idle') });
  });

  it('tells the model when the caller leaves early', async () => {
    const model = playedModel(() =>
      Promise.resolve({
        stream: new ReadableStream<LanguageModelV4StreamPart>({
          start(controller) {
            for (const part of text('one ').slice(0, 2)) controller.enqueue(part);
          },
        }),
      }),
    );
    for await (const _ of fromAiSdk(model).stream(ask('Count.'))) break;
    expect(model.calls[0]?.abortSignal?.aborted).toBe(true);
  });
});
