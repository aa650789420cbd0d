import { InvalidInputError, ModelError } from '@loci/core';
import { describe, expect, it } from 'vitest';
import { mapError } from './map-error.js';

/** As the SDK throws it, but not of its class: a second copy of the SDK makes such errors. */
function sdkError(statusCode: number, body: unknown = {}, headers: Record<string, string> = {}) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return Object.assign(new Error(`Status ${statusCode}`), {
    name: 'SDKError',
    statusCode,
    body: text,
    headers: new Headers(headers),
    contentType: 'application/json',
  });
}

const map = (error: unknown, options = {}) => {
  const mapped = mapError(error, options);
  if (!ModelError.isInstance(mapped)) throw mapped;
  return mapped;
};
const words = (message: string, type = 'invalid_request_error', code: string | number | null = null) => ({
  object: 'error',
  message,
  type,
  param: null,
  code,
});

describe('mapError', () => {
  it.each([
    [400, {}, 'invalid-request', 'none', 'request'],
    [
      400,
      words('Unexpected role', 'invalid_request_message_order', '3230'),
      'invalid-request',
      'none',
      'request',
    ],
    [400, words('Tool call id was', 'invalid_function_call', 3280), 'invalid-request', 'none', 'request'],
    [400, words('Invalid model: x', 'invalid_model', '1500'), 'not-found', 'other', 'model'],
    [
      400,
      words('Prompt contains 9 tokens', 'invalid_request_prompt', '3051'),
      'context-length',
      'other',
      'request',
    ],
    [
      400,
      words('Prompt contains 9 tokens, too large for model with 8 maximum context length'),
      'context-length',
      'other',
      'request',
    ],
    [401, { detail: 'Unauthorized' }, 'auth', 'other', 'credential'],
    [402, {}, 'quota', 'other', 'credential'],
    [403, {}, 'auth', 'other', 'credential'],
    [403, words('Blocked by a guardrail.'), 'content-filter', 'other', 'request'],
    [404, { message: 'no Route matched with those values' }, 'not-found', 'other', 'provider'],
    [404, words('The model x does not exist.'), 'not-found', 'other', 'model'],
    [408, {}, 'timeout', 'other', 'model'],
    [413, {}, 'context-length', 'other', 'request'],
    [422, { detail: [] }, 'invalid-request', 'none', 'request'],
    [429, words('Rate limit exceeded', 'rate_limited', '1300'), 'rate-limit', 'same', 'model'],
    [429, {}, 'rate-limit', 'same', 'model'],
    [429, words('Monthly usage limit reached'), 'quota', 'other', 'credential'],
    [429, words('Request quota per minute, see the rate limits'), 'rate-limit', 'same', 'model'],
    [429, words('Service tier capacity exceeded', 'x', '3505'), 'overloaded', 'same', 'model'],
    [500, {}, 'server', 'same', 'provider'],
    [502, '<html>Bad gateway</html>', 'server', 'same', 'provider'],
    [503, {}, 'overloaded', 'same', 'provider'],
    [529, {}, 'overloaded', 'same', 'provider'],
    [400, words('upstream said 500, 429 and rate limit'), 'invalid-request', 'none', 'request'],
  ])('decides by code, type and status: %i %j', (status, body, kind, retry, scope) => {
    expect(map(sdkError(status, body))).toMatchObject({ kind, retry, scope, status });
  });

  it('reads the vendor’s words in each of its shapes, and never the input that a detail repeats', () => {
    const detail = [{ type: 'x', loc: ['body', 'temperature'], msg: 'too hot', input: 'SECRET WORDS' }];
    const shapes = [
      words('a'),
      { detail: 'b' },
      { detail },
      { ...words('x'), message: { detail } },
      { message: 'c', request_id: 'r1' },
      { error: { message: 'd' } },
      'e',
      '<html>f</html>',
    ];
    expect(
      shapes.map((shape) => map(sdkError(400, shape)).message.slice('mistral answered 400: '.length)),
    ).toEqual([
      'a',
      'b',
      'body.temperature: too hot',
      'body.temperature: too hot',
      'c',
      'd',
      'e',
      'no reason was given',
    ]);
    expect(map(sdkError(401, shapes[4])).requestId).toBe('r1');
  });

  it.each([
    [words('x', 'internal_server_error', '1000'), 'server'],
    [words('x', 'rate_limited', '1300'), 'rate-limit'],
    [words('x', 'invalid_request_error'), 'invalid-request'],
    [{ error: { message: 'x', code: 'y' } }, 'server'],
    [{ ...words('x'), raw_status_code: 429 }, 'rate-limit'],
  ])('decides by code and type inside a stream: %j', (inBand, kind) => {
    expect(map(new Error('ZodError'), { inBand })).toMatchObject({ kind });
  });

  it.each(['ECONNRESET', 'ECONNREFUSED', 'ENOTFOUND', 'UND_ERR_SOCKET'])(
    'knows the network by its codes: %s',
    (code) => {
      const cause = new TypeError('fetch failed', { cause: Object.assign(new Error('x'), { code }) });
      const error = Object.assign(new Error('Unable to make request', { cause }), {
        name: 'ConnectionError',
      });
      expect(map(error)).toMatchObject({ kind: 'connection', retry: 'same', scope: 'provider' });
      expect(String((map(error).cause as Error).message)).toContain(code);
    },
  );

  it('knows the platform’s own time-outs', () => {
    const cause = Object.assign(new Error('x'), { code: 'UND_ERR_HEADERS_TIMEOUT' });
    expect(map(new TypeError('fetch failed', { cause })).kind).toBe('timeout');
    expect(map(Object.assign(new Error('x'), { name: 'RequestTimeoutError', code: 'ETIMEDOUT' })).kind).toBe(
      'timeout',
    );
  });

  it('knows the client’s own refusals, and shows the place and not the value', () => {
    const cause = Object.assign(new Error('x'), { issues: [{ path: ['topP'], input: 'SECRET' }] });
    const error = map(
      Object.assign(new Error('SECRET', { cause }), { name: 'SDKValidationError', rawValue: 'SECRET' }),
    );
    expect([error.kind, error.message, error.cause]).toEqual([
      'invalid-request',
      'The SDK refused the request before it was sent: check topP.',
      undefined,
    ]);
  });

  it('takes what is no JSON for malformed, but a refusal that is no JSON for a refusal', () => {
    expect(map(new SyntaxError('Unexpected token')).kind).toBe('malformed');
    expect(map(new SyntaxError('Unexpected token'), { status: 200 }).kind).toBe('malformed');
    expect(map(new SyntaxError('Unexpected token'), { status: 422 })).toMatchObject({
      kind: 'invalid-request',
      status: 422,
    });
    expect(map('what?').kind).toBe('malformed');
    expect(map(Object.assign(new Error('[]'), { name: 'ZodError' })).kind).toBe('malformed');
  });

  it('leaves errors of Loci as they are', () => {
    const error = new InvalidInputError('x', 'is wrong');
    expect(mapError(error)).toBe(error);
  });

  it.each([
    [{ 'mistral-correlation-id': 'a', 'x-kong-request-id': 'b' }, 'a'],
    [{ 'x-kong-request-id': 'b' }, 'b'],
    [{}, undefined],
  ])('reads the id of the request from the headers: %j', (headers, id) => {
    expect(map(sdkError(500, {}, headers as Record<string, string>)).requestId).toBe(id);
  });

  it.each([
    ['2.5', 2500],
    ['7200', 7_200_000],
    ['Thu, 01 Jan 2026 00:01:30 GMT', 90_000],
    ['Wed, 31 Dec 2025 00:00:00 GMT', 0],
    ['soon', undefined],
  ])('reads how long to wait: %s', (value, ms) => {
    const clock = { now: () => Date.UTC(2026, 0, 1), after: () => () => {} };
    expect(map(sdkError(429, {}, { 'retry-after': value }), { clock }).retryAfterMs).toBe(ms);
  });
});
