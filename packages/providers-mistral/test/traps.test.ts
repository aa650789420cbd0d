import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createMessage, messageText } from '@loci/core';
import type { MistralServer } from '@loci/testing/mistral';
import { Mistral } from '@mistralai/mistralai';
import { registerTracerProvider } from '@mistralai/mistralai/extra/observability';
import { resetEnv } from '@mistralai/mistralai/lib/env.js';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { mistral } from '../src/index.js';
import { ask, connect, failureOf, key, start } from './harness.js';

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

const question = { model: 'm', messages: [{ role: 'user' as const, content: 'hi' }] };

/** The vendor's own client, without any of this package around it. */
const bare = (server: MistralServer) => new Mistral({ serverURL: server.url, apiKey: key });

describe('traps of the vendor’s SDK', () => {
  it('an abort amid the stream is heard after a garbage collection, where the SDK’s own `signal` is deaf', async () => {
    const script = fileURLToPath(new URL('children/abort-after-gc.mjs', import.meta.url));
    const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', script]);
    const lost = JSON.parse(stdout);
    expect(lost.ours).toBe(0);
    // Where the SDK has learned to hear it, the detour can go.
    expect(lost.bare).toBeGreaterThan(0);
  }, 20_000);

  it('the reason of an abort is kept, where the SDK calls a custom one an unexpected error', async () => {
    const server = await start();
    for (const reason of ['enough', new Error('no more'), { code: 7 }]) {
      server.setFault('silent');
      const controller = new AbortController();
      const failed = failureOf(connect(server).generate(ask('hi'), { signal: controller.signal }));
      await server.whenHeld();
      controller.abort(reason);
      expect(await failed).toMatchObject({ kind: 'aborted', retry: 'none', cause: reason });
      expect(await server.requests.at(-1)?.closedByClient).toBe(true);
    }
    expect(server.openConnections()).toBe(0);
  });

  it('`AbortSignal.timeout` of the caller is an abort with its reason, not a time-out of the model', async () => {
    const server = await start();
    server.setFault('silent');
    const error = await failureOf(connect(server).generate(ask('hi'), { signal: AbortSignal.timeout(5) }));
    expect(error).toMatchObject({ kind: 'aborted', cause: { name: 'TimeoutError' } });
  });

  it('the SDK’s clock, which covers the whole stream and ends healthy ones, is never started', async () => {
    const server = await start();
    const started = vi.spyOn(AbortSignal, 'timeout');
    await bare(server).chat.complete(question);
    expect(started).toHaveBeenCalledOnce();
    await connect(server).generate(ask('hi'));
    expect(started).toHaveBeenCalledOnce();
  });

  it.each(['rate-limit', 'server-error', 'unavailable', 'reset-before-headers'] as const)(
    'nothing is retried inside: %s',
    async (fault) => {
      const server = await start();
      server.setFault(fault, { times: 3 });
      await failureOf(connect(server).generate(ask('hi')));
      expect(server.requests).toHaveLength(1);
    },
  );

  it('a stream that is cut is `truncated`, where the SDK ends it as a success', async () => {
    const server = await start({ answer: () => 'one two three' });
    server.setFault('cut', { times: 2 });
    let text = '';
    for await (const { data } of await bare(server).chat.stream(question))
      text += String(data.choices[0]?.delta.content);
    expect(text).toBe('one ');
    expect(await failureOf(connect(server).generate(ask('hi')))).toMatchObject({
      kind: 'truncated',
      partial: { content: [{ type: 'text', text: 'one ' }] },
    });
  });

  it('an empty stream is `truncated`, where the SDK ends it as a success', async () => {
    const server = await start();
    server.setFault('empty-stream', { times: 2 });
    for await (const event of await bare(server).chat.stream(question)) expect.fail(JSON.stringify(event));
    expect((await failureOf(connect(server).generate(ask('hi')))).kind).toBe('truncated');
  });

  it.each(['error-frame', 'error-frame-first'] as const)(
    'the server’s words in an error inside the stream are kept, where the SDK throws a ZodError without them: %s',
    async (fault) => {
      const server = await start({ answer: () => 'one two three' });
      server.setFault(fault, { times: 2 });
      const read = async () => {
        for await (const _ of await bare(server).chat.stream(question));
      };
      await expect(read()).rejects.toThrow(expect.objectContaining({ name: 'ZodError' }));
      const error = await failureOf(connect(server).generate(ask('hi')));
      expect(error).toMatchObject({ kind: 'server', providerCode: '1000' });
      expect(error.message).toBe('mistral failed inside its answer: Service unavailable.');
    },
  );

  it('an answer that ends with the finish reason `error` and status 200 is a failure', async () => {
    const server = await start({ answer: () => 'one two three' });
    server.setFault('finish-error');
    expect(await failureOf(connect(server).generate(ask('hi')))).toMatchObject({
      kind: 'server',
      scope: 'model',
      partial: { content: [{ text: 'one two three' }] },
    });
  });

  it('a page of HTML with status 200 is `server`, with the advice to check the URL', async () => {
    const server = await start();
    server.setFault('html');
    const error = await failureOf(connect(server).generate(ask('hi')));
    expect([error.kind, error.status, error.message]).toEqual([
      'server',
      200,
      expect.stringContaining('text/html'),
    ]);
    expect(error.message).toContain('Check the base URL');
  });

  it('the id of the request is read from a header, because no error of the SDK has a field for it', async () => {
    const server = await start();
    server.setFault('server-error');
    const error = await failureOf(connect(server).generate(ask('hi')));
    expect(error.requestId).toBe('019b98cb-9ba7-7ce1-9414-000000000001');
    expect((await connect(server).generate(ask('hi'))).model.requestId).toMatch(/-000000000002$/);
  });

  it('calls without ids and indexes, which the SDK fills with "null" and 0, stay apart', async () => {
    const toolCalls = ['Porto', 'Lima'].map((city) => ({ name: 'weather', arguments: { city }, id: null }));
    const server = await start({ answer: () => ({ toolCalls }) });
    // The index too is missing on some servers.
    const withoutIndex: typeof fetch = async (input, init) => {
      const response = await fetch(input, init);
      return new Response((await response.text()).replace(/,"index":[01]}/g, '}'), response);
    };
    const { message } = await connect(server, { fetch: withoutIndex }).generate(ask('hi'));
    const calls = message.content.flatMap((part) => (part.type === 'tool-call' ? [part] : []));
    expect(calls.map(({ input }) => input)).toEqual([{ city: 'Porto' }, { city: 'Lima' }]);
    expect(new Set(calls.map(({ toolCallId }) => toolCallId)).size).toBe(2);
    for (const { toolCallId } of calls) expect(toolCallId).toMatch(/^[a-z0-9]{9}$/);
  });

  it('makes no spans of its own, where the SDK makes one for each call once a provider is registered', async () => {
    const names: string[] = [];
    const span: object = new Proxy(
      {},
      {
        get: (_, name) =>
          name === 'isRecording' ? () => true : name === 'spanContext' ? context : () => span,
      },
    );
    const context = () => ({ traceId: '1'.repeat(32), spanId: '1'.repeat(16), traceFlags: 1 });
    const startSpan = (name: string) => {
      names.push(name);
      return span;
    };
    const tracer = { startSpan, startActiveSpan: startSpan };
    registerTracerProvider({ getTracer: () => tracer } as never);
    try {
      const server = await start();
      await connect(server).generate(ask('hi'));
      expect(names).toEqual([]);
      await bare(server).chat.complete(question);
      expect(names).not.toEqual([]);
    } finally {
      registerTracerProvider(undefined as never);
    }
  });

  it('copies no body for the warning of a model that will be withdrawn, which would hold connections open: it is a note', async () => {
    const server = await start({ answer: () => 'one two three' });
    server.setFault('deprecated');
    const { notes } = await connect(server).generate(ask('hi'));
    expect(notes).toMatchObject({ mistral: { withdrawnAt: '2027-01-31T00:00:00Z' } });

    const withdrawn: typeof fetch = async (input, init) => {
      const response = await fetch(input, init);
      const headers = new Headers(response.headers);
      headers.set('x-model-deprecation-timestamp', '2027-01-31T00:00:00Z');
      return new Response(response.body, { headers });
    };
    server.setFault('stall');
    for await (const event of connect(server, { fetch: withdrawn }).stream(ask('hi')))
      if (event.type === 'text-delta') break;
    expect(await server.requests.at(-1)?.closedByClient).toBe(true);
  });

  it('prints neither prompt nor key where MISTRAL_DEBUG makes the SDK print both', async () => {
    vi.stubEnv('MISTRAL_DEBUG', '1');
    // The SDK reads its environment once.
    resetEnv();
    const server = await start();
    const printed = (['log', 'group', 'groupEnd'] as const).map((name) =>
      vi.spyOn(console, name).mockImplementation(() => {}),
    );
    const words = () => JSON.stringify(printed.flatMap((spy) => spy.mock.calls));
    try {
      await connect(server).generate(ask('hi'));
      expect(words()).toBe('[]');
      await bare(server).chat.complete(question);
      expect(words()).toContain(key);
    } finally {
      vi.unstubAllEnvs();
      resetEnv();
    }
  });

  it('an environment’s key is not sent to a server that is named in code', async () => {
    vi.stubEnv('MISTRAL_API_KEY', 'key-of-the-environment');
    const server = await start();
    await mistral('local', { baseUrl: server.url }).generate(ask('hi'));
    expect(server.requests[0]?.headers).not.toHaveProperty('authorization');
    expect(server.requests[0]?.headers).not.toHaveProperty('cookie');
  });
});

describe('traps of the vendor’s rules', () => {
  const call = (toolCallId: string) =>
    createMessage({
      role: 'assistant',
      content: [{ type: 'tool-call', toolCallId, toolName: 'files.read', input: 'a.txt' }],
    });
  const result = (toolCallId: string) =>
    createMessage({
      role: 'tool',
      content: [{ type: 'tool-result', toolCallId, toolName: 'files.read', output: 'words', isError: false }],
    });
  const say = (role: 'system' | 'user' | 'assistant', content: string) => createMessage({ role, content });

  it.each([
    [
      'ids of OpenAI (opencode#1680)',
      [say('user', 'hi'), call('call_PTLP8xhu3uwZk4l3nlnrrJha'), result('call_PTLP8xhu3uwZk4l3nlnrrJha')],
    ],
    [
      'ids of Anthropic',
      [say('user', 'hi'), call('toolu_01A09q90qw90lq917835lq9'), result('toolu_01A09q90qw90lq917835lq9')],
    ],
    ['an id that repeats in every turn', [say('user', 'hi'), call('0'), result('0'), call('0'), result('0')]],
    ['a user after a tool (litellm#17761)', [say('user', 'hi'), call('a'), result('a'), say('user', 'and?')]],
    ['a call without a result', [say('user', 'hi'), call('a'), say('user', 'and?')]],
    ['a result without a call', [say('user', 'hi'), result('a')]],
    [
      'a system message in the middle',
      [say('user', 'hi'), say('assistant', 'a'), say('system', 'b'), say('user', 'c')],
    ],
    ['a system message at the end', [say('user', 'hi'), say('system', 'b')]],
    ['only system messages', [say('system', 'a'), say('system', 'b')]],
    ['an assistant at the end', [say('user', 'hi'), say('assistant', 'Once')]],
    ['an assistant alone', [say('assistant', 'Once')]],
    ['an empty assistant', [say('user', 'hi'), say('assistant', ''), say('user', 'c')]],
  ])('the vendor takes %s', async (_, messages) => {
    const server = await start();
    await connect(server).generate({ messages });
    expect(server.requests[0]?.rejected).toBeUndefined();
  });

  it('words of the assistant at the end begin the answer, as a prefix, unless the model cannot', async () => {
    const server = await start();
    const messages = [say('user', 'Tell a story.'), say('assistant', 'Once')];
    await connect(server).generate({ messages });
    await connect(server, { traits: { features: { prefill: 'no' } } }).generate({ messages });
    expect(server.requests.map(({ body }) => (body as { messages: object[] }).messages.slice(1))).toEqual([
      [{ role: 'assistant', content: 'Once', prefix: true }],
      [
        { role: 'assistant', content: 'Once', prefix: false },
        { role: 'user', content: 'Continue.' },
      ],
    ]);
  });

  it.each(['num_cached_tokens', 'prompt_tokens_details', 'prompt_token_details'] as const)(
    'cached tokens are part of the prompt’s, in each of the vendor’s three spellings: %s',
    async (cachedIn) => {
      const server = await start({ answer: () => ({ text: 'four', cachedTokens: 5, cachedIn }) });
      const { usage } = await connect(server).generate(ask('a long enough question to have cached tokens'));
      expect(usage).toEqual({ input: usage?.input, cacheRead: 5, cacheWrite: 0, output: 1, reasoning: 0 });
      expect(usage?.input).toBeGreaterThan(5);
    },
  );

  it('content comes as a string or as a list of chunks, calls whole or in pieces, arguments as text or object', async () => {
    const tools = [{ name: 'weather', description: '', inputSchema: {} }];
    const content = [];
    for (const shape of [{}, { textAsChunks: true, callsInPieces: true }]) {
      const toolCalls = [
        { name: 'weather', arguments: { city: 'Porto' }, id: 'abcdefgh1' },
        { name: 'weather', arguments: '{"city":"Lima"}', id: 'abcdefgh2' },
      ];
      const server = await start({ answer: () => ({ text: 'Looking.', toolCalls, ...shape }) });
      const { message, finishReason } = await connect(server).generate({ ...ask('hi'), tools });
      expect(finishReason).toBe('tool-calls');
      content.push(message.content);
    }
    expect(content[0]).toEqual([
      { type: 'text', text: 'Looking.' },
      { type: 'tool-call', toolCallId: 'abcdefgh1', toolName: 'weather', input: { city: 'Porto' } },
      { type: 'tool-call', toolCallId: 'abcdefgh2', toolName: 'weather', input: { city: 'Lima' } },
    ]);
    expect(content[1]).toEqual(content[0]);
  });

  it('thinking is replayed with its signature to the model that made it, and to no other', async () => {
    const server = await start({
      answer: () => ({ reasoning: 'Let me see.', signature: 'sig', text: 'It is Rex.' }),
    });
    const first = await connect(server).generate(ask('Who?'));
    expect(messageText(first.message)).toBe('It is Rex.');
    expect(first.message.content[0]).toEqual({
      type: 'reasoning',
      text: 'Let me see.',
      origin: { provider: 'mistral', model: 'mistral-medium-3-5' },
      payload: { type: 'thinking', thinking: [{ type: 'text', text: 'Let me see.' }], signature: 'sig' },
    });
    const messages = [...ask('Who?').messages, first.message, ...ask('Sure?').messages];
    await connect(server).generate({ messages });
    await connect(server, {}, 'mistral-small-2603').generate({ messages });
    const replayed = server.requests
      .slice(1)
      .map(({ body }) => (body as { messages: { content: unknown }[] }).messages[1]?.content);
    expect(replayed).toEqual([
      [
        { type: 'thinking', thinking: [{ type: 'text', text: 'Let me see.' }], signature: 'sig' },
        { type: 'text', text: 'It is Rex.' },
      ],
      'It is Rex.',
    ]);
  });
});
