import { InvalidInputError, ModelError } from '@loci/core';
import { describe, expect, it } from 'vitest';
import { mapError } from './map-error.js';

/** As the SDK throws it, but not of its class: a second copy of the SDK makes such errors. */
function apiError(
  status: number | undefined,
  body: Record<string, unknown> = {},
  headers: Record<string, string> = {},
) {
  const { message = 'words', code, type, param } = body;
  return Object.assign(new Error(`${status} ${String(message)}`), {
    status,
    error: body,
    code,
    type,
    param,
    headers: new Headers(headers),
    requestID: headers['x-request-id'],
  });
}

const map = (error: unknown) => {
  const mapped = mapError(error);
  if (!ModelError.isInstance(mapped)) throw mapped;
  return mapped;
};

describe('mapError', () => {
  it.each([
    [400, {}, 'invalid-request', 'none', 'request'],
    [401, {}, 'auth', 'other', 'credential'],
    [402, {}, 'quota', 'other', 'credential'],
    [403, {}, 'auth', 'other', 'credential'],
    [404, { code: 'model_not_found' }, 'not-found', 'other', 'model'],
    [404, { message: 'model "x" not found, try pulling it first' }, 'not-found', 'other', 'model'],
    [404, {}, 'not-found', 'other', 'provider'],
    [408, {}, 'timeout', 'other', 'model'],
    [409, {}, 'server', 'same', 'provider'],
    [413, {}, 'context-length', 'other', 'request'],
    [418, {}, 'invalid-request', 'none', 'request'],
    [422, {}, 'invalid-request', 'none', 'request'],
    [429, {}, 'rate-limit', 'same', 'model'],
    [429, { code: 'insufficient_quota' }, 'quota', 'other', 'credential'],
    [429, { type: 'insufficient_quota' }, 'quota', 'other', 'credential'],
    [500, {}, 'server', 'same', 'provider'],
    [502, {}, 'server', 'same', 'provider'],
    [503, {}, 'overloaded', 'same', 'provider'],
    [504, {}, 'server', 'same', 'provider'],
    [529, {}, 'overloaded', 'same', 'provider'],
    [400, { code: 'context_length_exceeded' }, 'context-length', 'other', 'request'],
    [
      400,
      { message: "This model's maximum context length is 4096 tokens." },
      'context-length',
      'other',
      'request',
    ],
    [400, { code: 'content_filter' }, 'content-filter', 'other', 'request'],
    [400, { code: 'content_policy_violation' }, 'content-filter', 'other', 'request'],
    [
      400,
      { code: 'string_above_max_length', message: 'got a string with length 500' },
      'invalid-request',
      'none',
      'request',
    ],
    [400, { message: 'upstream said 500, 429 and rate limit' }, 'invalid-request', 'none', 'request'],
  ])('decides by code and status: %i %j', (status, body, kind, retry, scope) => {
    expect(map(apiError(status, body))).toMatchObject({ kind, retry, scope, status });
  });

  it.each([
    [{ type: 'server_error' }, 'server', undefined],
    [{ code: 'rate_limit_exceeded' }, 'rate-limit', undefined],
    [{ code: 'insufficient_quota' }, 'quota', undefined],
    [{ type: 'overloaded_error' }, 'overloaded', undefined],
    [{ type: 'invalid_request_error' }, 'invalid-request', undefined],
    [{ code: 429 }, 'rate-limit', 429],
    [{ code: '502' }, 'server', 502],
    [{ message: 'nobody knows' }, 'server', undefined],
  ])('decides by code and type inside a stream: %j', (body, kind, status) => {
    expect([map(apiError(undefined, body)).kind, map(apiError(undefined, body)).status]).toEqual([
      kind,
      status,
    ]);
  });

  it.each(['ECONNRESET', 'ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_SOCKET'])(
    'knows the network by its codes: %s',
    (code) => {
      const error = Object.assign(new Error('Connection error.'), {
        cause: new TypeError('fetch failed', { cause: Object.assign(new Error('x'), { code }) }),
      });
      expect(map(error)).toMatchObject({ kind: 'connection', retry: 'same', scope: 'provider' });
      expect(String((map(error).cause as Error).message)).toContain(code);
    },
  );

  it.each(['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT', 'UND_ERR_CONNECT_TIMEOUT', 'ETIMEDOUT'])(
    'knows the platform’s own time-outs: %s',
    (code) => {
      expect(
        map(new TypeError('terminated', { cause: Object.assign(new Error('x'), { code }) })),
      ).toMatchObject({ kind: 'timeout' });
    },
  );

  it('takes what is no JSON for malformed, and so what nobody expected', () => {
    expect(map(new SyntaxError('Unexpected token')).kind).toBe('malformed');
    expect(map('what?').kind).toBe('malformed');
    expect(
      map(Object.assign(new Error('[{"path":["choices"]}]'), { name: 'ZodError', issues: [] })).kind,
    ).toBe('malformed');
  });

  it('leaves errors of Loci as they are', () => {
    const error = new InvalidInputError('x', 'is wrong');
    expect(mapError(error)).toBe(error);
  });

  it('keeps the request id and takes what looks like a key out of the words', () => {
    const error = map(
      apiError(
        401,
        { message: 'Incorrect API key provided: sk-proj-********wxyz.' },
        { 'x-request-id': 'req_1' },
      ),
    );
    expect([error.requestId, error.message]).toEqual([
      'req_1',
      'openai answered 401: Incorrect API key provided: [secret].',
    ]);
  });

  it.each([
    [{ 'retry-after-ms': '1500' }, 1500],
    [{ 'retry-after': '2.5' }, 2500],
    [{ 'retry-after': '7200' }, 7_200_000],
    [{ 'retry-after': 'Thu, 01 Jan 2026 00:01:30 GMT' }, 90_000],
    [{ 'retry-after': 'Wed, 31 Dec 2025 00:00:00 GMT' }, 0],
    [{ 'retry-after': 'soon' }, undefined],
    [{ 'retry-after': '-5' }, undefined],
    [{}, undefined],
  ])('reads how long to wait: %j', (headers: Record<string, string>, wait) => {
    const clock = { now: () => Date.UTC(2026, 0, 1), after: () => () => {} };
    const mapped = mapError(apiError(429, {}, headers), { clock });
    expect(ModelError.isInstance(mapped) && mapped.retryAfterMs).toBe(wait);
  });
});
