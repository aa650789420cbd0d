import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import Anthropic from '@anthropic-ai/sdk';
import { createMessage, type JsonValue, messageText } from '@loci/core';
import { createTestClock } from '@loci/testing';
import type { AnthropicFault } from '@loci/testing/anthropic';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ask, blocksOf, bodyOf, connect, failureOf, start } from './harness.js';

afterEach(() => {
  vi.restoreAllMocks();
});

const tools = [{ name: 'weather', description: 'd', inputSchema: { type: 'object' } }];
const call = (toolCallId: string, input: JsonValue = { city: 'Porto' }) => ({
  type: 'tool-call' as const,
  toolCallId,
  toolName: 'weather',
  input,
});
const result = (toolCallId: string, output = 'sunny') => ({
  type: 'tool-result' as const,
  toolCallId,
  toolName: 'weather',
  output,
  isError: false,
});

describe('traps of the transport', () => {
  it.each(['rate-limit-long', 'server-error', 'overloaded', 'gateway-timeout'] as const)(
    'the SDK would try three times, and wait however long it is told: one request, at once (%s)',
    async (fault) => {
      const server = await start();
      server.setFault(fault, { times: Number.POSITIVE_INFINITY });
      await failureOf(connect(server).generate(ask('hi')));
      expect(server.requests).toHaveLength(1);
      expect(server.requests[0]?.headers['x-stainless-retry-count']).toBe('0');
    },
  );

  it('the SDK obeys x-should-retry: it is not asked', async () => {
    let requests = 0;
    const refuse: typeof fetch = async () => {
      requests += 1;
      return new Response('{}', { status: 500, headers: { 'x-should-retry': 'true' } });
    };
    const server = await start();
    expect(await failureOf(connect(server, { fetch: refuse }).generate(ask('hi')))).toMatchObject({
      kind: 'server',
    });
    expect(requests).toBe(1);
  });

  it('the SDK refuses a plain call of more than 21,333 tokens: every call is streamed', async () => {
    const server = await start();
    const model = connect(server, {}, 'claude-opus-5-5');
    const response = await model.generate({ ...ask('hi'), maxOutputTokens: 128_000 });
    expect(response.finishReason).toBe('stop');
    expect(bodyOf(server)).toMatchObject({ stream: true, max_tokens: 128_000 });
  });

  it('the SDK hangs for ever on an idle stream and swallows pings: the idle clock ends it', async () => {
    const clock = createTestClock();
    const server = await start({ answer: () => 'one two three' });
    server.setFault('stall');
    const begun = Promise.withResolvers<void>();
    const failed = failureOf(
      (async () => {
        for await (const event of connect(server, { clock }).stream(ask('hi')))
          if (event.type === 'text-delta') begun.resolve();
      })(),
    );
    await Promise.all([server.whenHeld(), begun.promise]);
    await clock.advance(60_000);
    expect(await failed).toMatchObject({ kind: 'timeout', partial: { content: [{ text: 'one ' }] } });
    expect(await server.requests[0]?.closedByClient).toBe(true);
  });

  it('`message_start` is no content: the first-content clock runs on behind it', async () => {
    const clock = createTestClock();
    const server = await start();
    server.setFault('slow-first-token');
    const failed = failureOf(
      connect(server, { clock }).generate(ask('hi'), { timeouts: { firstContentMs: 1000, idleMs: 10 } }),
    );
    await server.whenHeld();
    for (let turn = 0; turn < 20; turn++) await clock.advance(1);
    await clock.advance(979);
    expect(server.openConnections()).toBe(1);
    await clock.advance(1);
    expect((await failed).message).toContain('firstContent');
  });

  it('the SDK forgets why a call was aborted, and takes a time-out for an abort: the reason is kept', async () => {
    const server = await start();
    server.setFault('silent');
    const error = await failureOf(connect(server).generate(ask('hi'), { signal: AbortSignal.timeout(5) }));
    expect(error).toMatchObject({ kind: 'aborted', cause: { name: 'TimeoutError' } });
  });

  it('the SDK’s stream ends without a word after an abort: it is `aborted`, also after a garbage collection', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const server = await start({ answer: () => 'one two three' });
    server.setFault('stall');
    const controller = new AbortController();
    const failed = failureOf(
      (async () => {
        for await (const event of connect(server).stream(ask('hi'), { signal: controller.signal })) {
          if (event.type !== 'text-delta') continue;
          collect();
          setImmediate(() => {
            collect();
            controller.abort('enough');
          });
        }
      })(),
    );
    expect(await failed).toMatchObject({ kind: 'aborted', cause: 'enough' });
    expect(await server.requests[0]?.closedByClient).toBe(true);
  });

  it.each<[AnthropicFault, string]>([
    ['cut', 'truncated'],
    ['no-finish', 'truncated'],
    ['empty-stream', 'truncated'],
    ['html-as-stream', 'truncated'],
    ['html', 'server'],
  ])('the SDK takes it for a success: %s is %s', async (fault, kind) => {
    const server = await start({ answer: () => 'one two three' });
    server.setFault(fault);
    expect((await failureOf(connect(server).generate(ask('hi')))).kind).toBe(kind);
  });

  it.each<[AnthropicFault, string]>([
    ['error-frame', 'server'],
    ['overloaded-frame', 'overloaded'],
  ])('an error inside a stream has no status: %s is %s, and can be retried', async (fault, kind) => {
    const server = await start();
    server.setFault(fault);
    const error = await failureOf(connect(server).generate(ask('hi')));
    expect(error).toMatchObject({ kind, retry: 'same', requestId: 'req_000000000001' });
    expect(error.status).toBeUndefined();
  });

  it('the SDK opens spans of its own and sends trace headers: they are off', async () => {
    const seen: string[] = [];
    const span: object = new Proxy({}, { get: () => () => span });
    const tracer = {
      startSpan: (name: string) => {
        seen.push(name);
        return span;
      },
    };
    const getTracer = () => {
      seen.push('tracer');
      return tracer;
    };
    const api = Symbol.for('opentelemetry.js.api.1');
    const registry = globalThis as { [api: symbol]: unknown };
    const before = registry[api];
    registry[api] = { version: '1.99.0', trace: { getTracer } };
    try {
      const server = await start();
      const bare = new Anthropic({
        baseURL: server.url,
        apiKey: 'sk-ant-key',
        maxRetries: 0,
        logLevel: 'off',
      });
      await bare.messages
        .create({ model: 'claude-opus-5', max_tokens: 10, messages: [{ role: 'user', content: 'hi' }] })
        .catch(() => {});
      expect(seen.length).toBeGreaterThan(1);
      seen.length = 0;
      await connect(server).generate(ask('hi'));
      expect(seen).toEqual([]);
      expect(server.requests.at(-1)?.headers).not.toHaveProperty('traceparent');
    } finally {
      registry[api] = before;
    }
  });

  it('the SDK writes to the console about models that end, and about budgets: nothing is written', async () => {
    const warned = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const server = await start();
    await connect(server, {}, 'claude-sonnet-4-5').generate({ ...ask('hi'), reasoning: { effort: 'low' } });
    expect(warned.mock.calls).toEqual([]);
  });

  it('a stream is read to its end, so that the connection is used again', async () => {
    const server = await start();
    await connect(server).generate(ask('hi'));
    expect(await server.requests[0]?.closedByClient).toBe(false);
  });
});

describe('traps of the errors', () => {
  it('429 is a spend limit or a rate limit: the code decides', async () => {
    const server = await start();
    server.setFault('spend-limit');
    server.setFault('ramp-limit');
    const errors = [
      await failureOf(connect(server).generate(ask('hi'))),
      await failureOf(connect(server).generate(ask('hi'))),
    ];
    expect(errors).toMatchObject([
      { kind: 'quota', retry: 'other', providerCode: 'enforced_spend_limit_reached' },
      { kind: 'rate-limit', retry: 'same', retryAfterMs: 30_000, providerCode: 'ramp_limit_exceeded' },
    ]);
  });

  it('an empty balance is a 400: it is `quota`, not a bad request', async () => {
    const server = await start();
    server.setFault('no-credit');
    expect(await failureOf(connect(server).generate(ask('hi')))).toMatchObject({
      kind: 'quota',
      status: 400,
    });
  });

  it('a prompt that is too long has no code, and may be a 413: it is `context-length`', async () => {
    const server = await start({ contextWindow: 20 });
    const tooLong = await failureOf(connect(server).generate(ask('long '.repeat(100))));
    server.setFault('too-large');
    const tooLarge = await failureOf(connect(server).generate(ask('hi')));
    expect([tooLong.kind, tooLong.status, tooLarge.kind]).toEqual(['context-length', 400, 'context-length']);
  });

  it('an overflow may also be a stop reason with status 200, even inside a call', async () => {
    const server = await start({ answer: () => 'a'.repeat(4000), contextWindow: 100 });
    const response = await connect(server).generate(ask('hi'));
    expect(response.finishReason).toBe('context-window');
    expect(messageText(response.message).length).toBeGreaterThan(0);
  });

  it('a refusal is a stop reason with status 200, and keeps its category', async () => {
    const server = await start({ answer: () => ({ text: 'No.', stopReason: 'refusal', refusal: 'bio' }) });
    expect(await connect(server).generate(ask('hi'))).toMatchObject({
      finishReason: 'content-filter',
      notes: { anthropic: { refusalCategory: 'bio' } },
    });
  });
});

describe('traps of the request', () => {
  it('ids of other vendors are refused, and an id that comes back in another turn: both are rewritten in pairs', async () => {
    const server = await start({ answer: () => 'ok' });
    const messages = ['functions.weather:0', 'call_1', 'call_1'].flatMap((id) => [
      createMessage({ role: 'user', content: 'How is it?' }),
      createMessage({ role: 'assistant', content: [call(id)] }),
      createMessage({ role: 'tool', content: [result(id, `result of ${id}`)] }),
    ]);
    await connect(server).generate({ messages, tools });
    expect(server.requests[0]?.rejected).toBeUndefined();
    const blocks = bodyOf(server).messages.flatMap((_, index) => blocksOf(bodyOf(server), index));
    const ids = blocks.flatMap(({ type, id }) => (type === 'tool_use' ? [id] : []));
    expect(new Set(ids).size).toBe(3);
    expect(blocks.flatMap(({ type, tool_use_id }) => (type === 'tool_result' ? [tool_use_id] : []))).toEqual(
      ids,
    );
  });

  it('all results stand in the next user turn, before everything else: they are moved there', async () => {
    const server = await start({ answer: () => 'ok' });
    const messages = [
      createMessage({ role: 'user', content: 'How is it?' }),
      createMessage({ role: 'assistant', content: [call('a'), call('b')] }),
      createMessage({ role: 'user', content: 'Hurry.' }),
      createMessage({ role: 'tool', content: [result('b')] }),
      createMessage({ role: 'tool', content: [result('a')] }),
    ];
    await connect(server).generate({ messages, tools });
    expect(server.requests[0]?.rejected).toBeUndefined();
    expect(blocksOf(bodyOf(server), -1).map(({ type }) => type)).toEqual([
      'tool_result',
      'tool_result',
      'text',
    ]);
  });

  it('an input must be an object, and a text must not be blank', async () => {
    const server = await start({ answer: () => 'ok' });
    const messages = [
      createMessage({
        role: 'user',
        content: [
          { type: 'text', text: ' \n' },
          { type: 'text', text: 'hi' },
        ],
      }),
      createMessage({ role: 'assistant', content: [{ type: 'text', text: '' }, call('a', 'Porto')] }),
      createMessage({ role: 'tool', content: [result('a', ' ')] }),
    ];
    await connect(server).generate({ messages, tools });
    expect(server.requests[0]?.rejected).toBeUndefined();
    expect(blocksOf(bodyOf(server), 1)).toMatchObject([{ type: 'tool_use', input: { value: 'Porto' } }]);
  });

  it.each(['claude-sonnet-5-5', 'claude-opus-5-5', 'claude-fable-5-1', 'claude-fable-5-2'])(
    'a forced tool is an error on %s: it is left out, with a warning',
    async (modelId) => {
      const server = await start({ answer: () => 'ok' });
      const { warnings } = await connect(server, {}, modelId).generate({
        ...ask('hi'),
        tools,
        toolChoice: 'required',
      });
      expect(warnings.map(({ code }) => code)).toEqual(['tool-choice']);
      expect(server.requests[0]?.rejected).toBeUndefined();
    },
  );

  it.each(['claude-opus-4-7', 'claude-opus-4-8', 'claude-haiku-5-5', 'claude-opus-5'])(
    'a temperature is an error on %s: it is left out, with a warning',
    async (modelId) => {
      const server = await start();
      const { warnings } = await connect(server, {}, modelId).generate({ ...ask('hi'), temperature: 0.2 });
      expect(warnings.map(({ code }) => code)).toEqual(['temperature']);
      await connect(server, {}, 'claude-haiku-4-5').generate({ ...ask('hi'), temperature: 0.2 });
      expect(server.requests.map(({ rejected }) => rejected)).toEqual([undefined, undefined]);
      expect(bodyOf(server, 1)).toMatchObject({ temperature: 0.2 });
    },
  );

  it.each([
    [
      'claude-opus-5',
      'high',
      { thinking: { type: 'adaptive', display: 'summarized' }, output_config: { effort: 'high' } },
      [],
    ],
    ['claude-opus-5', 'none', { thinking: { type: 'disabled' } }, []],
    [
      'claude-opus-5-5',
      'none',
      { thinking: { type: 'adaptive' }, output_config: { effort: 'low' } },
      ['reasoning'],
    ],
    ['claude-haiku-5-5', 'none', { thinking: { type: 'disabled' } }, []],
    ['claude-haiku-4-5', 'medium', { thinking: { type: 'enabled', budget_tokens: 8192 } }, []],
    [
      'claude-opus-4-5',
      'low',
      { thinking: { type: 'enabled', budget_tokens: 2048 }, output_config: { effort: 'low' } },
      [],
    ],
  ] as const)('reasoning has another form on each model: %s, %s', async (modelId, effort, fields, codes) => {
    const server = await start();
    const { warnings } = await connect(server, {}, modelId).generate({ ...ask('hi'), reasoning: { effort } });
    expect(bodyOf(server)).toMatchObject(fields);
    expect(warnings.map(({ code }) => code)).toEqual(codes);
    expect(server.requests[0]?.rejected).toBeUndefined();
  });

  it.each([
    [1024, { type: 'disabled' }],
    [1500, { type: 'enabled', budget_tokens: 1125 }],
    [20_000, { type: 'enabled', budget_tokens: 15_000 }],
  ])('a budget is at least 1024 and less than the maximum: %i', async (maxOutputTokens, thinking) => {
    const server = await start();
    const model = connect(server, {}, 'claude-haiku-4-5');
    await model.generate({ ...ask('hi'), maxOutputTokens, reasoning: { effort: 'high' } });
    expect(bodyOf(server)).toMatchObject({ thinking, max_tokens: maxOutputTokens });
    expect(server.requests[0]?.rejected).toBeUndefined();
  });

  it('a forced tool and thinking exclude each other: the tool wins', async () => {
    const server = await start({ answer: () => 'ok' });
    const request = { ...ask('hi'), tools, toolChoice: 'required', reasoning: { effort: 'low' } } as const;
    const { warnings } = await connect(server).generate(request);
    expect([warnings.map(({ code }) => code), server.requests[0]?.rejected]).toEqual([
      ['reasoning'],
      undefined,
    ]);
  });

  it('only older models continue an answer: the others get a turn that asks for it', async () => {
    const server = await start();
    const messages = [...ask('Count.').messages, createMessage({ role: 'assistant', content: 'one two ' })];
    await connect(server, {}, 'claude-haiku-4-5').generate({ messages });
    await connect(server).generate({ messages });
    expect(server.requests.map(({ rejected }) => rejected)).toEqual([undefined, undefined]);
    expect(blocksOf(bodyOf(server, 0), -1)).toEqual([{ type: 'text', text: 'one two' }]);
    expect(blocksOf(bodyOf(server, 1), -1)).toEqual([{ type: 'text', text: 'Continue.' }]);
  });

  it('calls in the history want their tools declared: they are, and may not be called', async () => {
    const server = await start();
    const messages = [
      ...ask('How is it?').messages,
      createMessage({ role: 'assistant', content: [call('a')] }),
      createMessage({ role: 'tool', content: [result('a')] }),
    ];
    await connect(server).generate({ messages });
    expect(server.requests[0]?.rejected).toBeUndefined();
    expect(bodyOf(server)).toMatchObject({ tools: [{ name: 'weather' }], tool_choice: { type: 'none' } });
  });
});

describe('traps of the usage', () => {
  it('`input_tokens` excludes what was cached: it is added, and nothing twice', async () => {
    const server = await start({
      answer: () => ({ text: 'four', cacheRead: 5, cacheWrite5m: 3, cacheWrite1h: 2, thinkingTokens: 7 }),
    });
    const plain = await connect(server).generate(ask('a long enough question to have cached tokens'));
    server.clearFaults();
    expect(plain.usage).toEqual({
      input: expect.any(Number),
      cacheRead: 5,
      cacheWrite: 5,
      cacheWriteLong: 2,
      output: 8,
      reasoning: 7,
    });
    const uncached = await start({ answer: () => 'four' });
    const { usage } = await connect(uncached).generate(ask('a long enough question to have cached tokens'));
    // The same prompt costs the same number of tokens, wherever they come from.
    expect(plain.usage?.input).toBe(usage?.input);
    expect(plain.notes).toMatchObject({
      anthropic: { cacheWrites: { '5m': 3, '1h': 2 }, serviceTier: 'standard' },
    });
  });
});
