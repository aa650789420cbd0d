import { type ChatEvent, createMessage, InvalidInputError, messageText } from '@loci/core';
import { describe, expect, it, vi } from 'vitest';
import { mistral } from '../src/index.js';
import { ask, connect, failureOf, start } from './harness.js';

describe('mistral', () => {
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
      model: {
        provider: 'mistral',
        modelId: 'mistral-medium-3-5',
        requestId: expect.stringMatching(/-000000000001$/),
      },
      warnings: [],
      notes: { mistral: { servedModel: 'stand-in-quoting', rateLimits: { 'limit-req-minute': '60' } } },
    });
    expect(server.requests[0]).toMatchObject({ headers: { authorization: 'Bearer test-key-0123456789' } });
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
      {
        type: 'reasoning',
        text: 'Let me see.',
        origin: { provider: 'mistral', model: 'mistral-medium-3-5' },
      },
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
      { name: 'weather', arguments: { city: 'Porto' }, id: 'abcdefgh1' },
      { name: 'files_read_', arguments: '', id: 'abcdefgh2' },
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
      { type: 'tool-call', toolCallId: 'abcdefgh1', toolName: 'weather', input: { city: 'Porto' } },
      { type: 'tool-call', toolCallId: 'abcdefgh2', toolName: 'files.read', input: {} },
    ]);
    const results = createMessage({
      role: 'tool',
      content: [
        {
          type: 'tool-result',
          toolCallId: 'abcdefgh1',
          toolName: 'weather',
          output: { degrees: 19 },
          isError: false,
        },
        {
          type: 'tool-result',
          toolCallId: 'abcdefgh2',
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
            { type: 'image_url', image_url: 'data:image/png;base64,AAAA' },
            { type: 'image_url', image_url: 'https://example.com/a.png' },
            {
              type: 'document_url',
              document_url: 'data:application/pdf;base64,BBBB',
              document_name: 'a.pdf',
            },
          ],
        },
      ],
      response_format: { type: 'json_schema', json_schema: { name: 'pet', schema, strict: true } },
    });
  });

  it('says null where the server states no usage', async () => {
    const server = await start();
    server.setFault('no-usage');
    expect((await connect(server).generate(ask('hi'))).usage).toBeNull();
  });

  it('chooses tools: any, one by its name, none', async () => {
    const server = await start();
    const tools = [{ name: 'files.read', description: 'd', inputSchema: 7 }];
    for (const toolChoice of ['required', { toolName: 'files.read' }, 'none', 'auto'] as const)
      await connect(server).generate({ ...ask('hi'), tools, toolChoice });
    const wireName = expect.stringMatching(/^files_read_\w+$/);
    expect(server.requests.map(({ body }) => (body as { tool_choice?: unknown }).tool_choice)).toEqual([
      'any',
      { type: 'function', function: { name: wireName } },
      'none',
      undefined,
    ]);
    expect(server.requests[0]?.body).toMatchObject({
      tools: [{ function: { name: wireName, parameters: { type: 'object' } } }],
    });
  });

  it('sends the efforts that the vendor has, raises the others with a warning, and knows models without levels', async () => {
    const server = await start();
    const said: unknown[] = [];
    const efforts = ['none', 'low', 'high'] as const;
    for (const modelId of ['mistral-medium-3-5', 'magistral-medium-2509', 'mistral-large-2512'])
      for (const effort of efforts) {
        const model = connect(server, {}, modelId);
        const { warnings } = await model.generate({ ...ask('hi'), reasoning: { effort } });
        const body = server.requests.at(-1)?.body as Record<string, unknown>;
        said.push([body['reasoning_effort'], body['prompt_mode'], warnings.map(({ code }) => code).join()]);
      }
    expect(said).toEqual([
      ['none', undefined, ''],
      ['high', undefined, 'reasoning'],
      ['high', undefined, ''],
      [undefined, 'reasoning', 'reasoning'],
      [undefined, 'reasoning', 'reasoning'],
      [undefined, 'reasoning', ''],
      [undefined, undefined, ''],
      [undefined, undefined, 'reasoning'],
      [undefined, undefined, 'reasoning'],
    ]);
  });

  it('keeps to the vendor’s limits of temperature and tokens', async () => {
    const server = await start();
    const { warnings } = await connect(server).generate({
      ...ask('hi'),
      temperature: 2,
      maxOutputTokens: 0.5,
    });
    expect(warnings.map(({ code }) => code)).toEqual(['max-output-tokens', 'temperature']);
    expect(server.requests[0]?.body).toMatchObject({ temperature: 1.5 });
    expect(server.requests[0]?.body).not.toHaveProperty('max_tokens');
  });

  it('takes the key of the environment for Mistral itself, at the first call', async () => {
    const server = await start({ apiKey: 'key-of-the-environment' });
    const toServer: typeof fetch = (input, init) => {
      const request = new Request(input);
      return fetch(new Request(request.url.replace('https://api.mistral.ai', server.url), request), init);
    };
    const model = mistral('mistral-medium-3-5', { fetch: toServer });
    vi.stubEnv('MISTRAL_API_KEY', 'key-of-the-environment');
    expect((await model.generate(ask('hi'))).finishReason).toBe('stop');
    vi.unstubAllEnvs();
  });

  it('asks a function for the key before each call, and says what to do without any', async () => {
    const server = await start();
    let turn = 0;
    const model = connect(server, { apiKey: async () => `key-${++turn}` });
    await model.generate(ask('hi'));
    await model.generate(ask('hi'));
    expect(server.requests.map((request) => request.headers['authorization'])).toEqual([
      'Bearer key-1',
      'Bearer key-2',
    ]);

    vi.stubEnv('MISTRAL_API_KEY', '');
    const error = await failureOf(mistral('mistral-medium-3-5').generate(ask('hi')));
    expect([error.kind, error.message]).toEqual(['auth', expect.stringContaining('Set MISTRAL_API_KEY')]);
    vi.unstubAllEnvs();
    const broken = connect(server, { apiKey: () => Promise.reject(new Error('vault says key-leak')) });
    expect(await failureOf(broken.generate(ask('hi')))).toMatchObject({
      kind: 'auth',
      message: expect.not.stringContaining('leak'),
    });
  });

  it('sends own headers, which win', async () => {
    const server = await start();
    await connect(server, { headers: { 'x-team': 'a', authorization: 'Basic abc' } }).generate(ask('hi'));
    expect(server.requests[0]?.headers).toMatchObject({ 'x-team': 'a', authorization: 'Basic abc' });
  });

  it('takes a base URL with and without the /v1 that the SDK adds', async () => {
    const server = await start();
    for (const end of ['', '/', '/v1', '/v1/'])
      await connect(server, { baseUrl: server.url + end }).generate(ask('hi'));
    expect(new Set(server.requests.map(({ path }) => path))).toEqual(new Set(['/v1/chat/completions']));
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
    const fetchPlain: typeof fetch = async (input, init) => {
      const request = new Request(input);
      const body = JSON.stringify({ ...(await request.json()), stream: false });
      return fetch(request.url, { ...init, method: 'POST', headers: request.headers, body });
    };
    const response = await connect(server, { fetch: fetchPlain }).generate(ask('hi'));
    expect([messageText(response.message), response.finishReason]).toEqual(['plain', 'stop']);
  });

  it('refuses settings that are none, by their path', () => {
    const paths = [
      () => mistral(''),
      () => mistral('mistral-medium-3-5', { baseUrl: 'ftp://x' }),
      () => mistral('mistral-medium-3-5', { apiKey: '' }),
      () => mistral('mistral-medium-3-5', { timeouts: { idleMs: -1 } }),
    ].map((make) => {
      try {
        make();
      } catch (error) {
        return InvalidInputError.isInstance(error) && error.path;
      }
      return 'no error';
    });
    expect(paths).toEqual(['modelId', 'settings.baseUrl', 'settings.apiKey', 'settings.timeouts.idleMs']);
  });

  it('refuses vendor settings that would break its promises', async () => {
    const server = await start();
    const model = connect(server);
    await model.generate({ ...ask('hi'), vendor: { mistral: { safePrompt: true } } });
    expect(server.requests[0]?.body).toMatchObject({ safe_prompt: true });
    await expect(
      model.generate({ ...ask('hi'), vendor: { mistral: { stream: false } } }),
    ).rejects.toMatchObject({ code: 'INVALID_INPUT', path: 'request.vendor.mistral.stream' });
    await expect(model.generate({ ...ask('hi'), vendor: { mistral: 7 } })).rejects.toMatchObject({
      path: 'request.vendor.mistral',
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
