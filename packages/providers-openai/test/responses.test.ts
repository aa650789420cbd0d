import { type ChatEvent, type ChatRequest, createMessage, type Message, messageText } from '@loci/core';
import type { OpenAIServer } from '@loci/testing/openai';
import { describe, expect, it } from 'vitest';
import type { OpenAISettings } from '../src/index.js';
import { ask, connect as connectTo, failureOf, start } from './harness.js';

const model = 'gpt-5.4';
const connect = (server: OpenAIServer, settings: OpenAISettings = {}, modelId = model) =>
  connectTo(server, { api: 'responses', ...settings }, modelId);
const tools = ['weather', 'files.read'].map((name) => ({
  name,
  description: 'd',
  inputSchema: { type: 'object' },
}));

interface Item {
  readonly type?: string;
  readonly role?: string;
  readonly content?: unknown;
  readonly encrypted_content?: string;
  readonly call_id?: string;
}

/** The body of the nth request, which the judge has accepted. */
function bodyOf(server: OpenAIServer, index: number) {
  expect(server.requests[index]?.rejected).toBeUndefined();
  return server.requests[index]?.body as {
    readonly [field: string]: unknown;
    readonly input: readonly Item[];
  };
}

function resultFor(call: Message, output = 'sunny'): Message {
  return createMessage({
    role: 'tool',
    content: call.content.flatMap((part) =>
      part.type === 'tool-call'
        ? [
            {
              type: 'tool-result',
              toolCallId: part.toolCallId,
              toolName: part.toolName,
              output,
              isError: false,
            },
          ]
        : [],
    ),
  });
}

/** A stand-in for the network that answers with these events. */
function replay(events: readonly object[], names = true): OpenAISettings {
  const text = events
    .map(
      (event) =>
        `${names && 'type' in event ? `event: ${event.type}\n` : ''}data: ${JSON.stringify(event)}\n\n`,
    )
    .join('');
  const headers = { 'content-type': 'text/event-stream', 'x-request-id': 'req_1' };
  return { api: 'responses', fetch: async () => new Response(text, { headers }) };
}
const replayed = (events: readonly object[], names = true) =>
  connectTo({ url: 'http://127.0.0.1:1/v1' }, replay(events, names), model);
const end = (fields: object = {}, type = 'response.completed') => ({
  type,
  response: { object: 'response', status: type.slice('response.'.length), output: [], ...fields },
});

describe('openai over Responses', () => {
  it('answers, with the usage, the request id and the rate limits that the vendor stated', async () => {
    const server = await start();
    const response = await connect(server).generate(ask('My dog is called Rex.', 'What is my dog called?'));
    expect(messageText(response.message)).toBe('My dog is called Rex.');
    expect(response).toMatchObject({
      finishReason: 'stop',
      usage: { input: expect.any(Number), output: expect.any(Number) },
      model: { provider: 'openai', modelId: model, requestId: 'req_000000000001' },
      warnings: [],
      notes: { openai: { servedModel: 'stand-in-quoting', rateLimits: { 'limit-requests': '10000' } } },
    });
    expect(server.requests[0]?.path).toBe('/v1/responses');
  });

  it('stores nothing at the vendor, and asks for encrypted reasoning only where the model reasons', async () => {
    const server = await start();
    await connect(server).generate(ask('hi'));
    await connect(server, {}, 'gpt-4o').generate(ask('hi'));
    expect(bodyOf(server, 0)).toMatchObject({ store: false, include: ['reasoning.encrypted_content'] });
    expect(bodyOf(server, 1)).toMatchObject({ store: false });
    expect(bodyOf(server, 1)).not.toHaveProperty('include');
  });

  it('streams deltas that add up to the response, and finishes once', async () => {
    const server = await start({ answer: () => ({ reasoning: 'Let me see.', text: 'It is Rex.' }) });
    const events: ChatEvent[] = [];
    for await (const event of connect(server).stream(ask('hi'))) events.push(event);
    const textOf = (type: string) =>
      events.flatMap((event) => (event.type === type && 'text' in event ? [event.text] : [])).join('');
    expect([textOf('reasoning-delta'), textOf('text-delta')]).toEqual(['Let me see.', 'It is Rex.']);
    expect(events.filter((event) => event.type === 'finish')).toHaveLength(1);
  });

  it('sends its own reasoning back with its calls, as the finished item held it and not the announced one', async () => {
    const server = await start({
      answer: ({ messages }) =>
        messages.at(-1)?.role === 'tool'
          ? 'Sunny.'
          : {
              reasoning: 'Let me look.',
              toolCalls: [{ name: 'weather', arguments: { city: 'Porto' }, id: 'call_1' }],
            },
    });
    const chat = connect(server);
    const request: ChatRequest = { ...ask('How is Porto?'), tools };
    const first = await chat.generate(request);
    expect(first.finishReason).toBe('tool-calls');
    expect(first.message.content[0]).toMatchObject({
      type: 'reasoning',
      text: 'Let me look.',
      origin: { provider: 'openai', model },
      payload: { encrypted_content: expect.stringMatching(/^gAAAAAB(?!unfinished)/) },
    });
    const messages = [...request.messages, first.message, resultFor(first.message)];
    const second = await chat.generate({ messages, tools });
    expect(messageText(second.message)).toBe('Sunny.');
    expect(bodyOf(server, 1).input.map((item) => item.type ?? item.role)).toEqual([
      'user',
      'reasoning',
      'function_call',
      'function_call_output',
    ]);
  });

  it.each([
    ['another model', { modelId: 'gpt-6-sol' }],
    ['another provider', { provider: 'azure' }],
    ['another account', { organization: 'org-2' }],
    ['the other API', { api: 'chat' }],
  ] as const)(
    'sends no reasoning to %s',
    async (_, { modelId = model, ...other }: { modelId?: string } & OpenAISettings) => {
      const server = await start({ answer: () => ({ reasoning: 'Secret thought.', text: 'Yes.' }) });
      const first = await connect(server).generate(ask('Is it?'));
      const messages = [...ask('Is it?').messages, first.message, ...ask('Sure?').messages];
      const response = await connect(server, other, modelId).generate({ messages });
      expect(server.requests[1]?.rejected).toBeUndefined();
      expect(JSON.stringify(server.requests[1]?.body)).not.toMatch(/gAAAA|Secret thought/);
      expect(response.warnings).toEqual([]);
    },
  );

  it('knows the account that its reasoning came from, and sends it back there', async () => {
    const server = await start({ answer: () => ({ reasoning: 'hm', text: 'Yes.' }) });
    const chat = connect(server, { organization: 'org-1' });
    const { message } = await chat.generate(ask('Is it?'));
    expect(message.content[0]).toMatchObject({ origin: { provider: 'openai', model, account: 'org-1' } });
    await chat.generate({ messages: [...ask('Is it?').messages, message, ...ask('Sure?').messages] });
    expect(bodyOf(server, 1).input[1]).toMatchObject({ type: 'reasoning' });
  });

  it('goes on with three rounds of tools through Chat Completions and back', async () => {
    let round = 0;
    const server = await start({
      answer: ({ messages }) =>
        messages.at(-1)?.role === 'tool'
          ? `Round ${round}.`
          : // The ids repeat, as they do at servers that count from 0 in every answer.
            {
              reasoning: `Thought ${++round}.`,
              toolCalls: [{ name: 'weather', arguments: {}, id: 'call_0' }],
            },
    });
    const messages: Message[] = [];
    for (const settings of [{}, { api: 'chat' }, {}] as const) {
      const chat = connect(server, settings);
      messages.push(...ask('How is Porto?').messages);
      messages.push((await chat.generate({ messages, tools })).message);
      messages.push(resultFor(messages.at(-1) as Message));
      messages.push((await chat.generate({ messages, tools })).message);
    }
    expect(messages.filter((message) => messageText(message).startsWith('Round')).map(messageText)).toEqual([
      'Round 1.',
      'Round 2.',
      'Round 3.',
    ]);
    expect(server.requests.map((request) => request.rejected)).toEqual(Array(6).fill(undefined));
    const kinds = bodyOf(server, 5).input.map((item) => item.type ?? item.role);
    // What Chat Completions streamed as reasoning has nothing that could be sent back.
    expect(kinds.filter((kind) => kind === 'reasoning')).toHaveLength(2);
    expect(kinds.filter((kind) => kind === 'function_call')).toHaveLength(3);
  });

  it('takes calls by their call id, which is not the id of their item', async () => {
    const server = await start({
      answer: () => ({ toolCalls: [{ name: 'weather', arguments: {}, id: 'call_of_the_call' }] }),
    });
    const { message } = await connect(server).generate({ ...ask('hi'), tools });
    expect(message.content).toEqual([
      { type: 'tool-call', toolCallId: 'call_of_the_call', toolName: 'weather', input: {} },
    ]);
  });

  it('keeps call ids of 64 characters, which Chat Completions would refuse', async () => {
    const id = 'x'.repeat(64);
    const call = createMessage({
      role: 'assistant',
      content: [{ type: 'tool-call', toolCallId: id, toolName: 'weather', input: {} }],
    });
    const server = await start();
    await connect(server).generate({ messages: [...ask('hi').messages, call, resultFor(call)], tools });
    await connect(server, { api: 'chat' }).generate({
      messages: [...ask('hi').messages, call, resultFor(call)],
      tools,
    });
    expect(bodyOf(server, 0).input[1]?.call_id).toBe(id);
    expect(server.requests[1]?.rejected).toBeUndefined();
  });

  it('declares tools flat and not strict, and chooses one by its name on the wire', async () => {
    const server = await start();
    await connect(server).generate({ ...ask('hi'), tools, toolChoice: { toolName: 'files.read' } });
    expect(bodyOf(server, 0)).toMatchObject({
      tools: [
        { type: 'function', name: 'weather', parameters: { type: 'object' }, strict: false },
        { type: 'function', name: expect.stringMatching(/^files_read_/), strict: false },
      ],
      tool_choice: { type: 'function', name: expect.stringMatching(/^files_read_/) },
    });
  });

  it('sends images, files by URL and a JSON schema', async () => {
    const server = await start();
    const schema = {
      type: 'object',
      properties: { name: { type: 'string' } },
      required: ['name'],
      additionalProperties: false,
    };
    const content = [
      { type: 'text', text: 'What is this?' },
      { type: 'image', mediaType: 'image/png', data: 'AAAA' },
      { type: 'file', mediaType: 'application/pdf', data: 'https://example.com/a.pdf' },
      { type: 'file', mediaType: 'application/pdf', data: 'BBBB', name: 'a.pdf' },
    ] as const;
    const response = await connect(server).generate({
      messages: [createMessage({ role: 'user', content })],
      output: { name: 'pet', schema },
    });
    expect(JSON.parse(messageText(response.message))).toEqual({ name: expect.any(String) });
    expect(response.warnings).toEqual([]);
    expect(bodyOf(server, 0)).toMatchObject({
      input: [
        {
          content: [
            { type: 'input_text', text: 'What is this?' },
            { type: 'input_image', image_url: 'data:image/png;base64,AAAA' },
            { type: 'input_file', file_url: 'https://example.com/a.pdf' },
            { type: 'input_file', filename: 'a.pdf', file_data: 'data:application/pdf;base64,BBBB' },
          ],
        },
      ],
      text: { format: { type: 'json_schema', name: 'pet', schema, strict: true } },
    });
  });

  it('raises a maximum of output tokens that is below the least of this API, with a warning', async () => {
    const server = await start({ answer: () => 'ok' });
    const response = await connect(server).generate({ ...ask('hi'), maxOutputTokens: 5 });
    expect(bodyOf(server, 0)).toMatchObject({ max_output_tokens: 16 });
    expect(response.warnings.map(({ code }) => code)).toEqual(['max-output-tokens']);
  });

  it('counts cached reads and writes and reasoning inside their totals', async () => {
    const answer = { text: 'four', cachedTokens: 5, cacheWriteTokens: 3, reasoningTokens: 7 };
    const server = await start({ answer: () => answer });
    const { usage } = await connect(server).generate(ask('a long enough question to have cached tokens'));
    expect(usage).toMatchObject({ cacheRead: 5, cacheWrite: 3, reasoning: 7, output: 8 });
    expect(usage?.input).toBeGreaterThan(8);
  });

  it('reads a server that answers a streamed request with a plain response', async () => {
    const server = await start({ answer: () => ({ reasoning: 'hm', text: 'plain' }) });
    const fetchPlain: typeof fetch = (input, init) =>
      fetch(input, { ...init, body: JSON.stringify({ ...JSON.parse(String(init?.body)), stream: false }) });
    const response = await connect(server, { fetch: fetchPlain }).generate(ask('hi'));
    expect(response.message.content).toMatchObject([{ type: 'reasoning', text: 'hm' }, { text: 'plain' }]);
    server.setFault('failed');
    expect(await failureOf(connect(server, { fetch: fetchPlain }).generate(ask('hi')))).toMatchObject({
      kind: 'server',
    });
  });

  it('refuses vendor settings that would give the conversation away', async () => {
    const server = await start();
    for (const field of ['store', 'previous_response_id', 'input']) {
      await expect(
        connect(server).generate({ ...ask('hi'), vendor: { openai: { [field]: true } } }),
      ).rejects.toMatchObject({ code: 'INVALID_INPUT', path: `request.vendor.openai.${field}` });
    }
    await connect(server).generate({ ...ask('hi'), vendor: { openai: { reasoning: { summary: 'auto' } } } });
    expect(bodyOf(server, 0)).toMatchObject({ reasoning: { summary: 'auto' } });
  });
});

describe('an end of Responses', () => {
  const message = {
    type: 'message',
    id: 'msg_1',
    role: 'assistant',
    content: [{ type: 'output_text', text: 'Yes.' }],
  };

  it('that never comes is no success: the stream ends after response.created', async () => {
    const created = { type: 'response.created', response: { object: 'response', status: 'in_progress' } };
    expect(await failureOf(replayed([created]).generate(ask('hi')))).toMatchObject({ kind: 'truncated' });
  });

  it.each([
    ['response.completed', {}, 'stop'],
    ['response.incomplete', { incomplete_details: { reason: 'max_output_tokens' } }, 'length'],
    ['response.incomplete', { incomplete_details: { reason: 'content_filter' } }, 'content-filter'],
    ['response.incomplete', { incomplete_details: { reason: 'steered' } }, 'other'],
    ['response.incomplete', {}, 'other'],
  ] as const)('is read: %s %j is %s', async (type, fields, finishReason) => {
    const response = await replayed([end({ ...fields, output: [message] }, type)]).generate(ask('hi'));
    expect([messageText(response.message), response.finishReason]).toEqual(['Yes.', finishReason]);
    expect(response.usage).toBeNull();
  });

  it.each([
    ['server_error', 'server'],
    ['rate_limit_exceeded', 'rate-limit'],
    ['invalid_prompt', 'content-filter'],
    ['bio_policy', 'content-filter'],
    ['invalid_image', 'invalid-request'],
    ['data_residency_mismatch', 'invalid-request'],
    ['something_new', 'server'],
  ] as const)('with response.failed is a failure: %s is %s', async (code, kind) => {
    const failed = end({ error: { code, message: 'No.' } }, 'response.failed');
    expect(await failureOf(replayed([failed]).generate(ask('hi')))).toMatchObject({
      kind,
      providerCode: code,
    });
  });

  it.each([true, false])('with an error event is a failure, named or not: %s', async (named) => {
    const error = {
      type: 'error',
      code: 'rate_limit_exceeded',
      message: 'Slow down.',
      param: null,
      sequence_number: 1,
    };
    const failure = await failureOf(replayed([error], named).generate(ask('hi')));
    expect(failure).toMatchObject({ kind: 'rate-limit', requestId: 'req_1' });
  });

  it('holds items that were never streamed, and they are streamed then', async () => {
    const call = { type: 'function_call', id: 'fc_1', call_id: 'c', name: 'f', arguments: '{"a":1}' };
    const reasoning = {
      type: 'reasoning',
      id: 'rs_1',
      summary: [
        { type: 'summary_text', text: 'A' },
        { type: 'summary_text', text: 'B' },
      ],
    };
    const events: ChatEvent[] = [];
    for await (const event of replayed([end({ output: [reasoning, message, call] })]).stream(ask('hi')))
      events.push(event);
    expect(events.map((event) => event.type)).toEqual([
      'reasoning-delta',
      'text-delta',
      'tool-call-delta',
      'finish',
    ]);
    expect(events[0]).toMatchObject({ partIndex: 0, text: 'A\n\nB' });
    expect(events[2]).toMatchObject({ partIndex: 2, inputText: '{"a":1}' });
  });

  it('never makes a call that was cut off one that runs, whatever its arguments look like', async () => {
    const call = (id: string, input: string, status: string) => ({
      type: 'function_call',
      id: `fc_${id}`,
      call_id: id,
      name: 'f',
      arguments: input,
      status,
    });
    const output = [
      call('a', '{}', 'completed'),
      call('b', '', 'incomplete'),
      call('c', '{"all": true}', 'incomplete'),
    ];
    const cut = end({ output, incomplete_details: { reason: 'max_output_tokens' } }, 'response.incomplete');
    const response = await replayed([cut]).generate(ask('hi'));
    expect(response.message.content.map((part) => part.type === 'tool-call' && part.toolCallId)).toEqual([
      'a',
    ]);
    expect(response.warnings.map(({ code }) => code)).toEqual(['tool-call-cut', 'tool-call-cut']);
  });

  it('leaves the deltas as they were: parts of a summary as paragraphs, a refusal as text', async () => {
    const delta = (type: string, output_index: number, text: string, fields: object = {}) => ({
      type: `response.${type}.delta`,
      output_index,
      delta: text,
      ...fields,
    });
    const response = await replayed([
      delta('reasoning_summary_text', 0, 'A', { summary_index: 0 }),
      delta('reasoning_summary_text', 0, 'a', { summary_index: 0 }),
      delta('reasoning_summary_text', 0, 'B', { summary_index: 1 }),
      delta('refusal', 1, 'I will '),
      delta('refusal', 1, 'not.'),
      end(),
    ]).generate(ask('hi'));
    expect(response.message.content).toMatchObject([{ text: 'Aa\n\nB' }, { text: 'I will not.' }]);
    expect(response.finishReason).toBe('content-filter');
  });

  it('with a refusal is read as the answer’s text', async () => {
    const refusal = { ...message, content: [{ type: 'refusal', refusal: 'I will not.' }] };
    const response = await replayed([end({ output: [refusal] })]).generate(ask('hi'));
    expect([messageText(response.message), response.finishReason]).toEqual(['I will not.', 'content-filter']);
  });

  it.each([
    [
      'a delta without its item',
      { type: 'response.function_call_arguments.delta', output_index: 0, delta: '{' },
    ],
    ['a delta that is no text', { type: 'response.output_text.delta', output_index: 0, delta: 7 }],
    [
      'a call without a name',
      { type: 'response.output_item.added', output_index: 0, item: { type: 'function_call', call_id: 'a' } },
    ],
    ['an item that is none', { type: 'response.output_item.done', output_index: 0, item: 'x' }],
    ['an end without a response', { type: 'response.completed' }],
  ])('that no vendor sends is malformed: %s', async (_, event) => {
    expect(await failureOf(replayed([event, end()]).generate(ask('hi')))).toMatchObject({
      kind: 'malformed',
    });
  });
});

describe('the API that is called', () => {
  const seen = async (modelId: string, settings: OpenAISettings) => {
    let path = '';
    const spy: typeof fetch = async (input) => {
      path = new URL(String(input instanceof Request ? input.url : input)).pathname;
      return new Response('{"error":{"message":"no"}}', {
        status: 400,
        headers: { 'content-type': 'application/json' },
      });
    };
    const chat = connectTo({ url: 'https://api.openai.com/v1' }, { fetch: spy, ...settings }, modelId);
    await failureOf(chat.generate(ask('hi')));
    return path.replace('/v1/', '');
  };

  it('is Responses for reasoning models at OpenAI, Chat Completions elsewhere, or the one that is forced', async () => {
    expect(await seen('gpt-5.4', {})).toBe('responses');
    expect(await seen('gpt-4o', {})).toBe('chat/completions');
    expect(await seen('gpt-5-chat-latest', {})).toBe('chat/completions');
    expect(await seen('gpt-5.4', { baseUrl: 'http://localhost:11434/v1' })).toBe('chat/completions');
    expect(await seen('gpt-5.4', { api: 'chat' })).toBe('chat/completions');
    expect(await seen('gpt-4o', { api: 'responses', baseUrl: 'http://localhost:11434/v1' })).toBe(
      'responses',
    );
  });
});
