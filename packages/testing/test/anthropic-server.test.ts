import Anthropic, { APIError } from '@anthropic-ai/sdk';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type AnthropicFault,
  type AnthropicServer,
  anthropicFaults,
  startAnthropic,
} from '../src/anthropic.js';
import { good } from './anthropic-requests.js';

const question = {
  model: 'claude-opus-5',
  max_tokens: 1000,
  messages: [{ role: 'user' as const, content: 'hi' }],
};
let server: AnthropicServer;
let client: Anthropic;

const start = async (options?: Parameters<typeof startAnthropic>[0]) => {
  await server?.close();
  server = await startAnthropic(options);
  client = new Anthropic({ baseURL: server.url, apiKey: 'sk-ant-key', maxRetries: 0, logLevel: 'off' });
};

beforeEach(() => start({ answer: () => 'one two three' }));

afterEach(() => server.close());

/** What a client without any care takes for the answer. */
async function read(body: object = question) {
  const types: string[] = [];
  let text = '';
  for await (const event of await client.messages.create({ ...(body as typeof question), stream: true })) {
    types.push(event.type);
    if (event.type === 'content_block_delta' && event.delta.type === 'text_delta') text += event.delta.text;
  }
  return { types, text, stopped: types.includes('message_stop') };
}

describe('startAnthropic', () => {
  it('answers the vendor’s own client, plain and streamed, alike', async () => {
    await start({
      answer: () => ({
        thinking: 'Let me see.',
        redacted: 'hush',
        text: 'Looking.',
        toolCalls: [
          { name: 'weather', input: { city: 'Porto', days: 3 } },
          { name: 'weather', input: {} },
        ],
        cacheRead: 3,
        cacheWrite5m: 2,
        cacheWrite1h: 1,
        thinkingTokens: 5,
      }),
    });
    const plain = await client.messages.create({ ...question, stream: false });
    const streamed = await client.messages.stream(question).finalMessage();
    expect(plain.content.map((block) => block.type)).toEqual([
      'thinking',
      'redacted_thinking',
      'text',
      'tool_use',
      'tool_use',
    ]);
    const bare = (message: typeof plain) => ({
      ...message,
      id: '',
      content: JSON.parse(JSON.stringify(message.content).replace(/toolu_\d+/g, '')),
    });
    expect(bare(streamed)).toMatchObject(bare(plain));
    expect(plain).toMatchObject({
      stop_reason: 'tool_use',
      usage: {
        cache_read_input_tokens: 3,
        cache_creation_input_tokens: 3,
        cache_creation: { ephemeral_5m_input_tokens: 2, ephemeral_1h_input_tokens: 1 },
        output_tokens_details: { thinking_tokens: 5 },
      },
    });
  });

  it('takes its own thinking back, from the model that thought it and from no other', async () => {
    await start({ answer: () => ({ thinking: 'Let me see.', redacted: 'hush', text: 'Yes.' }) });
    const { content } = await client.messages.create(question);
    const again = (model: string) =>
      client.messages.create({
        ...question,
        model,
        messages: [...question.messages, { role: 'assistant', content }, { role: 'user', content: 'and?' }],
      });
    await expect(again('claude-opus-5')).resolves.toMatchObject({ stop_reason: 'end_turn' });
    await expect(again('claude-sonnet-5')).rejects.toMatchObject({
      status: 400,
      apiMessage: 'messages.1.content.0: Invalid `signature` in `thinking` block',
    });
  });

  it('signs thinking that it does not show', async () => {
    await start({ answer: () => ({ thinking: 'Let me see.', text: 'Yes.' }) });
    const message = await client.messages.create({
      ...question,
      thinking: { type: 'adaptive', display: 'omitted' },
    });
    expect(message.content[0]).toMatchObject({ thinking: '', signature: expect.stringMatching(/./) });
  });

  it('sends nothing that its own judge refuses, for every request that is good', async () => {
    for (const [name, body] of Object.entries(good)) {
      await read(body);
      expect([name, server.requests.at(-1)?.rejected]).toEqual([name, undefined]);
    }
  });

  it('quotes the prompt by default, and answers JSON where a schema asks for it', async () => {
    await start();
    const messages = [
      { role: 'user' as const, content: 'My dog is called Rex.' },
      { role: 'user' as const, content: 'What is my dog called?' },
    ];
    const schema = { type: 'object', properties: { name: { type: 'string' } }, additionalProperties: false };
    const plain = await client.messages.create({ ...question, messages });
    const json = await client.messages.create({
      ...question,
      messages,
      output_config: { format: { type: 'json_schema', schema } },
    });
    const textOf = (message: typeof plain) =>
      message.content.map((block) => (block.type === 'text' ? block.text : '')).join('');
    expect([plain.model, textOf(plain)]).toEqual(['stand-in-quoting', 'My dog is called Rex.']);
    expect(JSON.parse(textOf(json))).toEqual({ name: 'My dog is called Rex.' });
  });

  it('counts tokens and lists models', async () => {
    await start({ models: ['claude-opus-5-5', 'claude-haiku-4-5'] });
    const { input_tokens } = await client.messages.countTokens({
      model: 'claude-opus-5-5',
      messages: question.messages,
    });
    expect(input_tokens).toBeGreaterThan(5);
    expect((await client.models.list()).data.map(({ id, max_tokens }) => [id, max_tokens])).toEqual([
      ['claude-opus-5-5', 128_000],
      ['claude-haiku-4-5', 64_000],
    ]);
  });

  it('cuts at the maximum of tokens, and at the end of the window with status 200', async () => {
    await start({ answer: () => 'a'.repeat(400), contextWindow: 60 });
    const atMaximum = await client.messages.create({ ...question, max_tokens: 5 });
    const atWindow = await client.messages.create(question);
    expect([atMaximum.stop_reason, atWindow.stop_reason]).toEqual([
      'max_tokens',
      'model_context_window_exceeded',
    ]);
    await expect(
      client.messages.create({ ...question, messages: [{ role: 'user', content: 'long '.repeat(100) }] }),
    ).rejects.toMatchObject({
      status: 400,
      apiMessage: expect.stringMatching(/^prompt is too long: \d+ tokens/),
    });
  });

  it('refuses wrong keys, models, paths, methods, bodies and versions as the vendor does', async () => {
    await start({ apiKey: 'sk-ant-right-right-right', models: ['claude-opus-5'] });
    const headers = { 'x-api-key': 'sk-ant-right-right-right', 'anthropic-version': '2026-10-21' };
    const post = (body: string, rest: object = headers) =>
      fetch(`${server.url}/v1/messages`, { method: 'POST', body, headers: { ...rest } });
    const asked = JSON.stringify(question);
    const answers = [
      await post(asked, { 'anthropic-version': '2026-10-21' }),
      await post(asked, { ...headers, 'x-api-key': 'sk-ant-wrong-wrong-wrong' }),
      await post(JSON.stringify({ ...question, model: 'claude-unknown' })),
      await post('{"model":'),
      await post(asked, { 'x-api-key': headers['x-api-key'] }),
      await fetch(`${server.url}/v1/nothing`, { headers }),
      await fetch(`${server.url}/v1/messages`, { headers }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 404, 400, 400, 404, 405]);
    const bodies = await Promise.all(answers.map((answer) => answer.json()));
    expect(bodies[2]).toEqual({
      type: 'error',
      error: { type: 'not_found_error', message: 'model: claude-unknown' },
      request_id: 'req_000000000003',
    });
    expect(JSON.stringify(bodies)).not.toContain('sk-ant-wrong-wrong-wrong');
  });
});

describe('faults that are refusals', () => {
  const expected: Partial<Record<AnthropicFault, readonly [status: number, type: string, code?: string]>> = {
    'rate-limit': [429, 'rate_limit_error'],
    'rate-limit-long': [429, 'rate_limit_error'],
    'rate-limit-ms': [429, 'rate_limit_error'],
    'rate-limit-date': [429, 'rate_limit_error'],
    'rate-limit-silent': [429, 'rate_limit_error'],
    'ramp-limit': [429, 'rate_limit_error', 'ramp_limit_exceeded'],
    'spend-limit': [429, 'rate_limit_error', 'enforced_spend_limit_reached'],
    quota: [402, 'billing_error'],
    'no-credit': [400, 'invalid_request_error'],
    'server-error': [500, 'api_error'],
    unavailable: [503, 'api_error'],
    'gateway-timeout': [504, 'timeout_error'],
    overloaded: [529, 'overloaded_error'],
    unauthorized: [401, 'authentication_error'],
    forbidden: [403, 'permission_error'],
    'not-found': [404, 'not_found_error'],
    'context-length': [400, 'invalid_request_error'],
    'too-large': [413, 'request_too_large'],
    'content-policy': [400, 'invalid_request_error'],
    'invalid-signature': [400, 'invalid_request_error'],
  };

  it.each(Object.entries(expected))(
    '%s, as the vendor’s client reads it',
    async (fault, [status, type, code]) => {
      server.setFault(fault as AnthropicFault);
      const error = await read().catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(APIError);
      expect(error).toMatchObject({ status, type, errorCode: code ?? null, requestID: 'req_000000000001' });
      expect(await read()).toMatchObject({ text: 'one two three', stopped: true });
    },
  );

  it('names how long to wait', async () => {
    server.setFault('rate-limit');
    const error = (await read().catch((thrown: unknown) => thrown)) as APIError;
    expect(error.headers?.get('retry-after')).toBe('2');
    expect(error.headers?.get('anthropic-ratelimit-requests-remaining')).toBe('0');
  });
});

describe('faults of streams', () => {
  it.each([
    ['cut', { text: 'one ', stopped: false }],
    ['no-finish', { text: 'one two three', stopped: false }],
    ['no-stop', { text: 'one two three', stopped: false }],
    ['empty-stream', { text: '', stopped: false }],
    ['html-as-stream', { text: '', stopped: false }],
  ] as const)('%s is a success for the vendor’s client', async (fault, left) => {
    server.setFault(fault);
    expect(await read()).toMatchObject(left);
  });

  it.each([
    ['content-filter', 'refusal'],
    ['length', 'max_tokens'],
    ['context-window', 'model_context_window_exceeded'],
    ['pause', 'pause_turn'],
  ] as const)('%s is a stop reason with status 200', async (fault, reason) => {
    server.setFault(fault, { times: 2 });
    expect((await client.messages.create(question)).stop_reason).toBe(reason);
    expect((await client.messages.stream(question).finalMessage()).stop_reason).toBe(reason);
  });

  it('states no usage: no-usage', async () => {
    server.setFault('no-usage', { times: 2 });
    expect((await client.messages.create(question)).usage).toBeUndefined();
    const events = await (await client.messages.create({ ...question, stream: true }).asResponse()).text();
    expect(events).not.toContain('usage');
  });

  it.each([
    ['error-frame', 'api_error'],
    ['error-frame-first', 'api_error'],
    ['overloaded-frame', 'overloaded_error'],
  ] as const)('%s is an error without a status', async (fault, type) => {
    server.setFault(fault);
    await expect(read()).rejects.toMatchObject({ status: undefined, type });
  });

  it('sends chunks that are no JSON, and garbage', async () => {
    server.setFault('malformed-chunk');
    server.setFault('garbage-chunk');
    await expect(read()).rejects.toThrow(SyntaxError);
    const events = await (await client.messages.create({ ...question, stream: true }).asResponse()).text();
    expect(events).toContain('{"type":"content_block_delta","index":"none","delta":7}');
  });

  it('breaks the connection before the headers and inside the answer', async () => {
    server.setFault('reset-before-headers');
    server.setFault('reset-mid-stream');
    await expect(read()).rejects.toThrow('Connection error');
    await expect(read()).rejects.toThrow('terminated');
    expect(server.openConnections()).toBe(0);
  });

  it.each(['silent', 'slow-first-token', 'stall', 'stall-after-finish'] as const)(
    '%s goes on when it is released, and sees a client that leaves',
    async (fault) => {
      server.setFault(fault, { times: 2 });
      const answered = read();
      await server.whenHeld();
      server.release();
      expect(await answered).toMatchObject({ text: 'one two three', stopped: true });
      const controller = new AbortController();
      const reading = client.messages
        .create({ ...question, stream: true }, { signal: controller.signal })
        .then(async (events) => {
          for await (const _ of events);
        })
        .catch(() => {});
      await server.whenHeld();
      controller.abort();
      await reading;
      expect(await server.requests[1]?.closedByClient).toBe(true);
    },
  );

  it('has every fault by name, for models and times', async () => {
    expect(new Set(anthropicFaults).size).toBe(anthropicFaults.length);
    server.setFault('quota', { times: Number.POSITIVE_INFINITY, model: 'claude-sonnet-5' });
    await expect(read({ ...question, model: 'claude-sonnet-5' })).rejects.toMatchObject({ status: 402 });
    expect((await read()).stopped).toBe(true);
    server.clearFaults();
    expect((await read({ ...question, model: 'claude-sonnet-5' })).stopped).toBe(true);
  });
});
