import { type ChatEvent, createMessage, InvalidInputError, messageText } from '@loci/core';
import type { MessagesBody } from '@loci/testing/anthropic';
import { describe, expect, it, vi } from 'vitest';
import { anthropic } from '../src/index.js';
import { ask, blocksOf, bodyOf, connect, failureOf, start } from './harness.js';

const tools = ['weather', 'files.read'].map((name) => ({ name, description: 'd', inputSchema: {} }));
const resultOf = (
  toolCallId: string,
  toolName: string,
  output: string | { degrees: number },
  isError = false,
) => ({
  type: 'tool-result' as const,
  toolCallId,
  toolName,
  output,
  isError,
});

describe('anthropic', () => {
  it('answers, with the usage, the request id and the rate limits that the vendor stated', async () => {
    const server = await start();
    const response = await connect(server).generate(ask('My dog is called Rex.', 'What is my dog called?'));
    expect(messageText(response.message)).toBe('My dog is called Rex.');
    expect(response).toMatchObject({
      finishReason: 'stop',
      usage: {
        input: expect.any(Number),
        output: expect.any(Number),
        cacheRead: 0,
        cacheWrite: 0,
        reasoning: 0,
      },
      model: { provider: 'anthropic', modelId: 'claude-opus-5', requestId: 'req_000000000001' },
      warnings: [],
      notes: { anthropic: { servedModel: 'stand-in-quoting', rateLimits: { 'requests-limit': '4000' } } },
    });
    expect(server.requests[0]).toMatchObject({
      path: '/v1/messages',
      headers: { authorization: 'Bearer sk-ant-test-key-0123456789', 'anthropic-version': '2026-10-21' },
      body: { max_tokens: 32_000, stream: true },
    });
    expect(server.requests[0]?.rejected).toBeUndefined();
  });

  it('streams deltas that add up to the response, and finishes once', async () => {
    const server = await start({ answer: () => ({ thinking: 'Let me see.', text: 'It is Rex.' }) });
    const events: ChatEvent[] = [];
    for await (const event of connect(server).stream(ask('hi'))) events.push(event);
    const textOf = (type: string) =>
      events.flatMap((event) => (event.type === type && 'text' in event ? [event.text] : [])).join('');
    expect([textOf('reasoning-delta'), textOf('text-delta')]).toEqual(['Let me see.', 'It is Rex.']);
    const last = events.at(-1);
    expect(last?.type === 'finish' && last.response.message.content).toEqual([
      {
        type: 'reasoning',
        text: 'Let me see.',
        origin: { provider: 'anthropic', model: 'claude-opus-5' },
        payload: { type: 'thinking', thinking: 'Let me see.', signature: expect.stringMatching(/./) },
      },
      { type: 'text', text: 'It is Rex.' },
    ]);
  });

  it('runs a round trip of parallel tool calls with thinking, which goes back as it came', async () => {
    const server = await start({
      answer: ({ messages, tools: offered = [] }: MessagesBody) => {
        const last = messages.at(-1)?.content ?? [];
        const results = (typeof last === 'string' ? [] : last).filter(
          (block) => block.type === 'tool_result',
        );
        if (results.length > 0) return results.map((block) => block.content).join(' and ');
        return {
          thinking: 'Two calls.',
          redacted: 'hush',
          text: 'Looking.',
          toolCalls: offered.map(({ name }, index) => ({
            name,
            id: `toolu_${index}`,
            input: index === 0 ? { city: 'Porto' } : {},
          })),
        };
      },
    });
    const model = connect(server);
    const request = { ...ask('How is Porto?'), tools, reasoning: { effort: 'high' as const } };
    const first = await model.generate(request);
    expect(first.finishReason).toBe('tool-calls');
    expect(first.message.content).toMatchObject([
      { type: 'reasoning', text: 'Two calls.' },
      { type: 'reasoning', text: '' },
      { type: 'text', text: 'Looking.' },
      { type: 'tool-call', toolCallId: 'toolu_0', toolName: 'weather', input: { city: 'Porto' } },
      { type: 'tool-call', toolCallId: 'toolu_1', toolName: 'files.read', input: {} },
    ]);
    const results = createMessage({
      role: 'tool',
      content: [
        resultOf('toolu_0', 'weather', { degrees: 19 }),
        resultOf('toolu_1', 'files.read', 'no such file', true),
      ],
    });
    const second = await model.generate({
      ...request,
      messages: [...request.messages, first.message, results],
    });
    expect(messageText(second.message)).toBe('{"degrees":19} and no such file');
    const body = bodyOf(server, 1);
    expect([0, 1, 2].map((at) => blocksOf(body, at).map(({ type }) => type))).toEqual([
      ['text'],
      ['thinking', 'redacted_thinking', 'text', 'tool_use', 'tool_use'],
      ['tool_result', 'tool_result'],
    ]);
    expect(blocksOf(body, 2)[1]).toMatchObject({ is_error: true });
    expect(server.requests.map((made) => made.rejected)).toEqual([undefined, undefined]);
  });

  it('forces a tool, any tool or none', async () => {
    const server = await start({ answer: () => 'ok' });
    for (const toolChoice of ['auto', 'none', 'required', { toolName: 'files.read' }] as const)
      await connect(server).generate({ ...ask('hi'), tools, toolChoice });
    const choices = server.requests.map((_, index) => bodyOf(server, index).tool_choice);
    expect(choices).toEqual([
      undefined,
      { type: 'none' },
      { type: 'any' },
      { type: 'tool', name: bodyOf(server, 3).tools?.[1]?.name },
    ]);
    expect(server.requests.flatMap(({ rejected }) => rejected ?? [])).toEqual([]);
  });

  it('sends images, PDF and text files, and a JSON schema that it closes', async () => {
    const server = await start();
    const schema = {
      type: 'object',
      properties: { name: { type: 'string' }, age: { type: 'integer', minimum: 0 } },
      required: ['name'],
    };
    const content = [
      { type: 'text', text: 'What is this?' },
      { type: 'image', mediaType: 'image/png', data: 'AAAA' },
      { type: 'image', mediaType: 'image/*', data: 'data:;base64,iVBORw0K' },
      { type: 'image', mediaType: 'image/png', data: 'https://example.com/a.png' },
      { type: 'file', mediaType: 'application/pdf', data: 'BBBB', name: 'a.pdf' },
      { type: 'file', mediaType: 'text/markdown', data: 'aGVsbG8=', name: 'a.md' },
      { type: 'file', mediaType: 'text/html', data: 'https://example.com/' },
    ] as const;
    const response = await connect(server).generate({
      messages: [createMessage({ role: 'user', content })],
      output: { name: 'pet', schema },
    });
    expect(JSON.parse(messageText(response.message))).toEqual({ name: expect.any(String), age: 0 });
    expect(server.requests[0]?.body).toMatchObject({
      messages: [
        {
          content: [
            { type: 'text', text: 'What is this?' },
            { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } },
            { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'iVBORw0K' } },
            { type: 'image', source: { type: 'url', url: 'https://example.com/a.png' } },
            { type: 'document', source: { type: 'base64', media_type: 'application/pdf' }, title: 'a.pdf' },
            { type: 'document', source: { type: 'text', data: 'hello' }, title: 'a.md' },
            { type: 'text', text: 'File : https://example.com/' },
          ],
        },
      ],
      output_config: {
        format: {
          type: 'json_schema',
          schema: {
            properties: { name: { type: 'string' }, age: { type: 'integer' } },
            additionalProperties: false,
          },
        },
      },
    });
    expect(response.warnings.map(({ code }) => code)).toEqual(['output-schema', 'media-as-text']);
  });

  it('puts system messages first and marks what the request expects to be sent again, four at most', async () => {
    const server = await start({ answer: () => 'ok' });
    const messages = [
      createMessage({ id: 's', role: 'system', content: 'Be brief.' }),
      ...[1, 2, 3, 4, 5].map((n) => createMessage({ id: `u${n}`, role: 'user', content: `question ${n}` })),
      createMessage({ id: 's2', role: 'system', content: 'And polite.' }),
    ];
    const prefixEnds = ['s', 'u1', 'u2', 'u3', 'u4', 'gone'];
    await connect(server, { cacheTtl: '1h' }).generate({ messages, cache: { affinityKey: 'k', prefixEnds } });
    const body = bodyOf(server);
    const cache_control = { type: 'ephemeral', ttl: '1h' };
    expect(body.system).toEqual([
      { type: 'text', text: 'Be brief.', cache_control },
      { type: 'text', text: 'And polite.' },
    ]);
    expect(blocksOf(body, 0).map((block) => block.cache_control)).toEqual([
      undefined,
      cache_control,
      cache_control,
      cache_control,
      undefined,
    ]);
    expect(server.requests[0]?.rejected).toBeUndefined();
  });

  it('takes key and base URL from the environment, at the first call', async () => {
    const server = await start({ apiKey: 'sk-of-the-environment' });
    const model = anthropic('claude-opus-5');
    vi.stubEnv('ANTHROPIC_API_KEY', 'sk-of-the-environment');
    vi.stubEnv('ANTHROPIC_BASE_URL', `${server.url}/v1/`);
    expect((await model.generate(ask('hi'))).finishReason).toBe('stop');
    vi.unstubAllEnvs();
  });

  it('sends no key and no token of the environment to a server that is named in code', async () => {
    vi.stubEnv('ANTHROPIC_API_KEY', 'sk-of-the-environment');
    vi.stubEnv('ANTHROPIC_AUTH_TOKEN', 'token-of-the-environment');
    const server = await start();
    await anthropic('kimi-k3', { baseUrl: server.url, provider: 'moonshot' }).generate(ask('hi'));
    expect(JSON.stringify(server.requests[0]?.headers)).not.toContain('of-the-environment');
    expect(server.requests[0]?.headers).not.toHaveProperty('authorization');
    vi.unstubAllEnvs();
  });

  it('asks a function for the key before each call, and says what to do without any', async () => {
    const server = await start();
    let turn = 0;
    const model = connect(server, { apiKey: async () => `sk-key-${++turn}` });
    await model.generate(ask('hi'));
    await model.generate(ask('hi'));
    expect(server.requests.map((request) => request.headers['authorization'])).toEqual([
      'Bearer sk-key-1',
      'Bearer sk-key-2',
    ]);
    vi.stubEnv('ANTHROPIC_API_KEY', '');
    vi.stubEnv('ANTHROPIC_BASE_URL', '');
    const error = await failureOf(anthropic('claude-opus-5').generate(ask('hi')));
    expect([error.kind, error.message]).toEqual(['auth', expect.stringContaining('Set ANTHROPIC_API_KEY')]);
    vi.unstubAllEnvs();
    const broken = connect(server, { apiKey: () => Promise.reject(new Error('vault says sk-leak')) });
    expect(await failureOf(broken.generate(ask('hi')))).toMatchObject({
      kind: 'auth',
      message: expect.not.stringContaining('leak'),
    });
  });

  it('sends own headers, which win', async () => {
    const server = await start();
    await connect(server, { headers: { 'anthropic-beta': 'x-1', authorization: 'Basic abc' } }).generate(
      ask('hi'),
    );
    expect(server.requests[0]?.headers).toMatchObject({
      'anthropic-beta': 'x-1',
      authorization: 'Basic abc',
    });
  });

  it('reads a server that answers a streamed request with a plain message', async () => {
    const server = await start({ answer: () => ({ thinking: 'hm', text: 'plain', cacheRead: 1 }) });
    const fetchPlain: typeof fetch = (input, init) =>
      fetch(input, { ...init, body: JSON.stringify({ ...JSON.parse(String(init?.body)), stream: false }) });
    const response = await connect(server, { fetch: fetchPlain }).generate(ask('hi'));
    expect([messageText(response.message), response.finishReason]).toEqual(['plain', 'stop']);
    expect(response.message.content[0]).toMatchObject({ type: 'reasoning', payload: { thinking: 'hm' } });
    expect(response.usage).toMatchObject({ cacheRead: 1 });
    server.setFault('error-frame');
    expect(await failureOf(connect(server, { fetch: fetchPlain }).generate(ask('hi')))).toMatchObject({
      kind: 'server',
      providerCode: 'api_error',
    });
  });

  it('refuses settings that are none, by their path', () => {
    const paths = [
      () => anthropic(''),
      () => anthropic('claude-opus-5', { baseUrl: 'ftp://x' }),
      () => anthropic('claude-opus-5', { apiKey: '' }),
      () => anthropic('claude-opus-5', { timeouts: { idleMs: -1 } }),
      () => anthropic('claude-opus-5', { maxTokens: 0 }),
      () => anthropic('claude-opus-5', { cacheTtl: '2h' as '1h' }),
    ].map((make) => {
      try {
        make();
      } catch (error) {
        return InvalidInputError.isInstance(error) && error.path;
      }
      return 'no error';
    });
    expect(paths).toEqual([
      'modelId',
      'settings.baseUrl',
      'settings.apiKey',
      'settings.timeouts.idleMs',
      'settings.maxTokens',
      'settings.cacheTtl',
    ]);
  });

  it('refuses vendor settings that would break its promises', async () => {
    const server = await start();
    const model = connect(server);
    await model.generate({ ...ask('hi'), vendor: { anthropic: { service_tier: 'standard_only' } } });
    expect(server.requests[0]?.body).toMatchObject({ service_tier: 'standard_only' });
    await expect(
      model.generate({ ...ask('hi'), vendor: { anthropic: { stream: false } } }),
    ).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      path: 'request.vendor.anthropic.stream',
    });
    await expect(model.generate({ ...ask('hi'), vendor: { anthropic: 7 } })).rejects.toMatchObject({
      path: 'request.vendor.anthropic',
    });
    expect(server.requests).toHaveLength(1);
  });

  it('sends nothing where there is nothing to send', async () => {
    const server = await start();
    expect(await failureOf(connect(server).generate({ messages: [] }))).toMatchObject({
      kind: 'invalid-request',
    });
    expect(server.requests).toEqual([]);
  });
});
