import { type ChatEvent, createMessage, InvalidInputError, messageText } from '@loci/core';
import { describe, expect, it, vi } from 'vitest';
import { openai } from '../src/index.js';
import { ask, connect, failureOf, start } from './harness.js';

describe('openai', () => {
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
      model: { provider: 'openai', modelId: 'gpt-4o', requestId: 'req_000000000001' },
      warnings: [],
      notes: { openai: { servedModel: 'stand-in-quoting', rateLimits: { 'limit-requests': '10000' } } },
    });
    expect(server.requests[0]).toMatchObject({ headers: { authorization: 'Bearer sk-test-key-0123456789' } });
    expect(server.requests[0]?.rejected).toBeUndefined();
  });

  it('streams deltas that add up to the response, and finishes once', async () => {
    const server = await start({ answer: () => ({ reasoning: 'Let me see.', text: 'It is Rex.' }) });
    const events: ChatEvent[] = [];
    for await (const event of connect(server).stream(ask('hi'))) events.push(event);
    const textOf = (type: string) =>
      events.flatMap((event) => (event.type === type && 'text' in event ? [event.text] : [])).join('');
    expect([textOf('reasoning-delta'), textOf('text-delta')]).toEqual(['Let me see.', 'It is Rex.']);
    expect(events.filter((event) => event.type === 'finish')).toHaveLength(1);
    const last = events.at(-1);
    expect(last?.type === 'finish' && last.response.message.content).toEqual([
      { type: 'reasoning', text: 'Let me see.', origin: { provider: 'openai', model: 'gpt-4o' } },
      { type: 'text', text: 'It is Rex.' },
    ]);
  });

  it('runs a round trip of parallel tool calls', async () => {
    const tools = ['weather', 'files.read'].map((name) => ({
      name,
      description: 'd',
      inputSchema: { type: 'object' },
    }));
    const calls = [
      { name: 'weather', arguments: { city: 'Porto' }, id: 'call_1' },
      { name: 'files_read_', arguments: '', id: 'call_2' },
    ];
    const server = await start({
      answer: ({ messages, tools: offered = [] }) => {
        if (messages.at(-1)?.role === 'tool')
          return messages
            .slice(-2)
            .map((message) => message.content)
            .join(' and ');
        const names = (offered as { function: { name: string } }[]).map((tool) => tool.function.name);
        return {
          text: 'Looking.',
          toolCalls: calls.map((call, index) => ({ ...call, name: names[index] ?? '' })),
        };
      },
    });
    const model = connect(server);
    const request = { ...ask('How is Porto?'), tools };
    const first = await model.generate(request);
    expect(first.finishReason).toBe('tool-calls');
    expect(first.message.content).toEqual([
      { type: 'text', text: 'Looking.' },
      { type: 'tool-call', toolCallId: 'call_1', toolName: 'weather', input: { city: 'Porto' } },
      { type: 'tool-call', toolCallId: 'call_2', toolName: 'files.read', input: {} },
    ]);
    const results = createMessage({
      role: 'tool',
      content: [
        {
          type: 'tool-result',
          toolCallId: 'call_1',
          toolName: 'weather',
          output: { degrees: 19 },
          isError: false,
        },
        {
          type: 'tool-result',
          toolCallId: 'call_2',
          toolName: 'files.read',
          output: 'no such file',
          isError: true,
        },
      ],
    });
    const second = await model.generate({ messages: [...request.messages, first.message, results], tools });
    expect(messageText(second.message)).toBe('{"degrees":19} and Error: no such file');
    expect(server.requests.map((made) => made.rejected)).toEqual([undefined, undefined]);
  });

  it('sends images, files and a JSON schema', async () => {
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
      { type: 'image', mediaType: 'image/png', data: 'https://example.com/a.png' },
      { type: 'file', mediaType: 'application/pdf', data: 'BBBB', name: 'a.pdf' },
    ] as const;
    const response = await connect(server).generate({
      messages: [createMessage({ role: 'user', content })],
      output: { name: 'pet', schema },
    });
    expect(JSON.parse(messageText(response.message))).toEqual({ name: expect.any(String) });
    expect(server.requests[0]?.body).toMatchObject({
      messages: [
        {
          content: [
            { type: 'text', text: 'What is this?' },
            { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } },
            { type: 'image_url', image_url: { url: 'https://example.com/a.png' } },
            { type: 'file', file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,BBBB' } },
          ],
        },
      ],
      response_format: { type: 'json_schema', json_schema: { name: 'pet', schema, strict: true } },
    });
  });

  it('counts cached and reasoning tokens inside their totals', async () => {
    const server = await start({ answer: () => ({ text: 'four', cachedTokens: 5, reasoningTokens: 7 }) });
    const { usage } = await connect(server).generate(ask('a long enough question to have cached tokens'));
    expect(usage).toMatchObject({ cacheRead: 5, reasoning: 7, output: 8 });
    expect(usage?.input).toBeGreaterThan(5);
  });

  it('says null where the server states no usage', async () => {
    const server = await start();
    expect((await connect(server, { streamUsage: false }).generate(ask('hi'))).usage).toBeNull();
    expect(server.requests[0]?.body).not.toHaveProperty('stream_options');
    server.setFault('no-usage');
    expect((await connect(server).generate(ask('hi'))).usage).toBeNull();
  });

  it('needs no key for a server of one’s own, and sends no Authorization then', async () => {
    vi.stubEnv('OPENAI_API_KEY', 'sk-of-the-environment');
    const server = await start();
    await openai('llama3.3', { baseUrl: server.url, provider: 'ollama' }).generate(ask('hi'));
    expect(server.requests[0]?.headers).not.toHaveProperty('authorization');
    vi.unstubAllEnvs();
  });

  it('takes key and base URL from the environment, at the first call', async () => {
    const server = await start({ apiKey: 'sk-of-the-environment' });
    const model = openai('gpt-4o');
    vi.stubEnv('OPENAI_API_KEY', 'sk-of-the-environment');
    vi.stubEnv('OPENAI_BASE_URL', server.url);
    expect((await model.generate(ask('hi'))).finishReason).toBe('stop');
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

    vi.stubEnv('OPENAI_API_KEY', '');
    vi.stubEnv('OPENAI_BASE_URL', '');
    const error = await failureOf(openai('gpt-4o').generate(ask('hi')));
    expect([error.kind, error.message]).toEqual(['auth', expect.stringContaining('Set OPENAI_API_KEY')]);
    vi.unstubAllEnvs();
    const broken = connect(server, { apiKey: () => Promise.reject(new Error('vault says sk-leak')) });
    expect(await failureOf(broken.generate(ask('hi')))).toMatchObject({
      kind: 'auth',
      message: expect.not.stringContaining('leak'),
    });
  });

  it('sends organization, project and own headers, which win', async () => {
    const server = await start();
    await connect(server, {
      organization: 'org-1',
      project: 'proj_1',
      headers: { 'x-team': 'a', authorization: 'Basic abc' },
    }).generate(ask('hi'));
    expect(server.requests[0]?.headers).toMatchObject({
      'openai-organization': 'org-1',
      'openai-project': 'proj_1',
      'x-team': 'a',
      authorization: 'Basic abc',
    });
  });

  it('sends the cache key only where it is wanted, short enough for the vendor', async () => {
    const server = await start();
    const request = { ...ask('hi'), cache: { affinityKey: 'thread/'.repeat(20), prefixEnds: [] } };
    await connect(server).generate(request);
    await connect(server, { cacheKey: true }).generate(request);
    await connect(server, { cacheKey: true }).generate({
      ...request,
      cache: { affinityKey: 'short', prefixEnds: [] },
    });
    expect(
      server.requests.map((made) => (made.body as { prompt_cache_key?: string }).prompt_cache_key),
    ).toEqual([undefined, expect.stringMatching(/^\w{11}$/), 'short']);
  });

  it('reads a server that answers a streamed request with a plain completion', async () => {
    const server = await start({ answer: () => 'plain' });
    const fetchPlain: typeof fetch = (input, init) =>
      fetch(input, {
        ...init,
        body: JSON.stringify({ ...JSON.parse(String(init?.body)), stream: false, stream_options: undefined }),
      });
    const response = await connect(server, { fetch: fetchPlain }).generate(ask('hi'));
    expect([messageText(response.message), response.finishReason]).toEqual(['plain', 'stop']);
  });

  it('refuses settings that are none, by their path', () => {
    const paths = [
      () => openai(''),
      () => openai('gpt-4o', { baseUrl: 'ftp://x' }),
      () => openai('gpt-4o', { apiKey: '' }),
      () => openai('gpt-4o', { api: 'both' as never }),
      () => openai('gpt-4o', { timeouts: { idleMs: -1 } }),
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
      'settings.api',
      'settings.timeouts.idleMs',
    ]);
  });

  it('refuses vendor settings that would break its promises', async () => {
    const server = await start();
    const model = connect(server);
    await model.generate({ ...ask('hi'), vendor: { openai: { service_tier: 'flex' } } });
    expect(server.requests[0]?.body).toMatchObject({ service_tier: 'flex' });
    await expect(
      model.generate({ ...ask('hi'), vendor: { openai: { stream: false } } }),
    ).rejects.toMatchObject({ code: 'INVALID_INPUT', path: 'request.vendor.openai.stream' });
    await expect(model.generate({ ...ask('hi'), vendor: { openai: 7 } })).rejects.toMatchObject({
      path: 'request.vendor.openai',
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
