import { inspect } from 'node:util';
import { APICallError, LoadAPIKeyError, UnsupportedFunctionalityError } from '@ai-sdk/provider';
import { ModelError } from '@loci/core';
import { createTestClock } from '@loci/testing';
import { type AnthropicFault, anthropicFaults } from '@loci/testing/anthropic';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { fromAiSdk, mapError } from '../src/from.js';
import { toAiSdkError } from '../src/to.js';
import { ask, connect, failureOf, key, sdkModel, start } from './harness.js';
import { playedModel, text, toStream } from './played-model.js';

afterEach(() => {
  vi.restoreAllMocks();
});

/** Everything that a log or a debugger could show of a value. */
function everything(value: unknown): string {
  const depth = Number.POSITIVE_INFINITY;
  const seen = inspect(value, { depth, showHidden: true, getters: true, maxStringLength: null });
  const stack =
    value instanceof Error ? `${value.stack} ${String(value)} ${inspect(value.cause, { depth })}` : '';
  return `${seen} ${stack} ${JSON.stringify(value)}`;
}

/** What becomes of a fault of the server; the others are in the model kit. */
const outcomes: Partial<Record<AnthropicFault, Partial<ModelError>>> = {
  'rate-limit-long': { kind: 'rate-limit', retryAfterMs: 120_000 },
  'rate-limit-ms': { kind: 'rate-limit', retryAfterMs: 1500 },
  'spend-limit': { kind: 'quota', scope: 'credential', retry: 'other' },
  'no-credit': { kind: 'quota', status: 400 },
  'bad-gateway': { kind: 'server', status: 502, retry: 'same' },
  'gateway-timeout': { kind: 'timeout', retry: 'other' },
  forbidden: { kind: 'auth', providerCode: 'permission_error' },
  'not-found': { kind: 'not-found', scope: 'model' },
  'too-large': { kind: 'context-length' },
  'invalid-signature': { kind: 'invalid-request', retry: 'none' },
  'reset-before-headers': { kind: 'connection', retry: 'same' },
  'error-frame-first': { kind: 'server', status: 500 },
  'overloaded-frame': { kind: 'overloaded', status: 529 },
  'garbage-chunk': { kind: 'malformed' },
  'no-finish': { kind: 'truncated' },
  'no-stop': { kind: 'truncated' },
  html: { kind: 'server', status: 200 },
  'html-as-stream': { kind: 'truncated' },
};

describe('a failure of the vendor behind the AI SDK', () => {
  it.each(Object.entries(outcomes))('%s is a ModelError with its kind', async (fault, expected) => {
    const server = await start({ answer: () => 'one two three' });
    server.setFault(fault as AnthropicFault);
    const error = await failureOf(connect(server).generate(ask('Count.')));
    expect(error).toMatchObject(expected);
    expect(server.requests).toHaveLength(1);
  });

  it('is read by its fields, in the forms of several vendors', () => {
    const failed = (statusCode: number, error: unknown, message = 'Refused.') =>
      mapError(new APICallError({ message, url: '', requestBodyValues: {}, statusCode, data: { error } }));
    expect(failed(429, { code: 'insufficient_quota' })).toMatchObject({ kind: 'quota' });
    expect(failed(429, { code: 429, status: 'RESOURCE_EXHAUSTED' })).toMatchObject({ kind: 'rate-limit' });
    expect(failed(400, { code: 'context_length_exceeded' })).toMatchObject({ kind: 'context-length' });
    expect(failed(400, {}, 'The maximum context length is 10.')).toMatchObject({ kind: 'context-length' });
    expect(failed(422, {}, 'No.')).toMatchObject({ kind: 'invalid-request', retry: 'none', status: 422 });
  });

  it('is the refusal of a server, also where its words were cut off', () => {
    const cause = Object.assign(new Error('reset'), { code: 'ECONNRESET' });
    const failed = (statusCode: number) =>
      mapError(new APICallError({ message: 'Failed.', url: '', requestBodyValues: {}, statusCode, cause }));
    expect(failed(401)).toMatchObject({ kind: 'auth', status: 401 });
    expect(failed(200)).toMatchObject({ kind: 'connection', retry: 'same' });
    const unread = { message: 'Failed.', url: '', requestBodyValues: {}, statusCode: 200 };
    expect(mapError(new APICallError(unread))).toMatchObject({ kind: 'malformed', retry: 'other' });
  });

  it('may come inside the stream in any form', async () => {
    for (const [error, expected] of [
      [
        'Something broke.',
        { kind: 'server', message: 'test.chat failed inside its answer: Something broke.' },
      ],
      [
        { type: 'overloaded_error', message: 'Busy.' },
        { kind: 'overloaded', providerCode: 'overloaded_error' },
      ],
      [new TypeError('x is undefined'), { kind: 'malformed', cause: { message: 'TypeError' } }],
      [undefined, { kind: 'server' }],
    ] as const) {
      const model = playedModel([...text('half'), { type: 'error', error }]);
      expect(await failureOf(fromAiSdk(model).generate(ask('Go.')))).toMatchObject({
        ...expected,
        partial: { content: [{ text: 'half' }] },
      });
    }
  });

  it('may be one of the AI SDK itself', () => {
    const missing = new LoadAPIKeyError({
      message: 'The key is missing. Pass it using the apiKey parameter.',
    });
    expect(mapError(missing)).toMatchObject({ kind: 'auth', message: expect.stringContaining('apiKey') });
    const audio = new UnsupportedFunctionalityError({ functionality: 'audio' });
    expect(mapError(audio)).toMatchObject({ kind: 'invalid-request', retry: 'none' });
  });

  it('comes back as it was where it came from a model of Loci', () => {
    const error = new ModelError('Wait.', {
      kind: 'rate-limit',
      scope: 'model',
      retry: 'same',
      retryAfterMs: 7,
    });
    const failure = toAiSdkError(error);
    expect(failure).toMatchObject({ isRetryable: true, responseHeaders: { 'retry-after-ms': '7' } });
    expect(mapError(failure)).toBe(error);
    expect(toAiSdkError('anything else')).toBe('anything else');
  });
});

describe('the key', () => {
  it.each(anthropicFaults)('is in no error and no log: %s', async (fault) => {
    const logged = (['log', 'info', 'warn', 'error', 'debug'] as const).map((name) =>
      vi.spyOn(console, name).mockImplementation(() => {}),
    );
    const clock = createTestClock();
    const server = await start({ answer: () => 'one two three' });
    server.setFault(fault);
    const outcome = connect(server, { clock })
      .generate(ask('hi'))
      .catch((error: unknown) => error);
    await Promise.race([outcome, server.whenHeld()]);
    await clock.advance(300_000);
    expect(everything(await outcome)).not.toContain(key);
    expect(logged.flatMap((spy) => spy.mock.calls)).toEqual([]);
  });

  it('is taken out of what the server repeats, also where it looks like no key of a known vendor', async () => {
    const server = await start();
    for (const [secret, secrets] of [
      [key, []],
      ['3f9a1c77d2b84e0f9a1c77d2b84e0f12', []],
      ['open sesame', ['open sesame']],
    ] as const) {
      server.setFault('echo-key');
      const model = fromAiSdk(sdkModel(server, 'claude-opus-5', secret), { secrets });
      const error = await failureOf(model.generate(ask('hi')));
      expect(error).toMatchObject({ kind: 'auth', status: 401 });
      expect(`${error.message} ${error.providerCode}`).not.toContain(secret);
      expect(everything(model)).not.toContain(secret);
    }
  });

  it('is found also where it is cut off, and in the id of an answer that fails later', async () => {
    const words = `${'x '.repeat(245)} ${key}`;
    const refused = { message: words, url: '', requestBodyValues: {}, statusCode: 400 };
    expect(mapError(new APICallError(refused)).message).not.toContain(key.slice(0, 10));
    const model = playedModel(() =>
      Promise.resolve({
        stream: toStream(text('half')),
        response: { headers: { 'request-id': `req-${key}` } },
      }),
    );
    expect((await failureOf(fromAiSdk(model).generate(ask('hi')))).requestId).toBe('req-[secret]');
  });

  it('stays hidden where a header cannot carry it', async () => {
    const server = await start();
    const model = fromAiSdk(sdkModel(server, 'claude-opus-5', 'sk-broken\nkey-0123456789'));
    const error = await failureOf(model.generate(ask('hi')));
    expect(everything(error)).not.toContain('0123456789');
    expect(server.requests).toEqual([]);
  });

  it('and the request stay hidden where the model itself fails', async () => {
    const model = playedModel(() =>
      Promise.reject(Object.assign(new Error(`cannot send ${key}`), { requestBodyValues: 'hi there' })),
    );
    const error = await failureOf(fromAiSdk(model).generate(ask('hi there')));
    expect(everything(error)).not.toContain(key);
    expect(everything(error)).not.toContain('hi there');
    const broken = fromAiSdk(playedModel(() => Promise.resolve({ stream: toStream([]) })));
    expect(await failureOf(broken.generate(ask('hi')))).toMatchObject({ kind: 'truncated' });
  });
});
