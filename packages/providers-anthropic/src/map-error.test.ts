import { InvalidInputError, ModelError } from '@loci/core';
import { describe, expect, it } from 'vitest';
import { mapError } from './map-error.js';

/** As the SDK throws it, but not of its class: a second copy of the SDK makes such errors. */
function apiError(
  status: number | undefined,
  error: Record<string, unknown> = {},
  headers: Record<string, string> = {},
) {
  const { message = 'words', type } = error;
  return Object.assign(new Error(`${status} ${String(message)}`), {
    status,
    error: { type: 'error', error, request_id: headers['request-id'] },
    type,
    headers: new Headers(headers),
    requestID: headers['request-id'],
  });
}

const coded = (error_code: string) => ({ type: 'rate_limit_error', details: { error_code } });
const map = (error: unknown) => {
  const mapped = mapError(error);
  if (!ModelError.isInstance(mapped)) throw mapped;
  return mapped;
};

describe('mapError', () => {
  it.each([
    [400, { type: 'invalid_request_error' }, 'invalid-request', 'none', 'request'],
    [401, { type: 'authentication_error' }, 'auth', 'other', 'credential'],
    [402, { type: 'billing_error' }, 'quota', 'other', 'credential'],
    [403, { type: 'permission_error' }, 'auth', 'other', 'credential'],
    [404, { type: 'not_found_error', message: 'model: claude-x' }, 'not-found', 'other', 'model'],
    [404, { type: 'not_found_error', message: 'Not Found' }, 'not-found', 'other', 'provider'],
    [408, {}, 'timeout', 'other', 'model'],
    [409, { type: 'conflict_error' }, 'server', 'same', 'provider'],
    [412, {}, 'invalid-request', 'none', 'request'],
    [413, { type: 'request_too_large' }, 'context-length', 'other', 'request'],
    [413, {}, 'context-length', 'other', 'request'],
    [422, {}, 'invalid-request', 'none', 'request'],
    [429, { type: 'rate_limit_error' }, 'rate-limit', 'same', 'model'],
    [429, coded('enforced_spend_limit_reached'), 'quota', 'other', 'credential'],
    [429, coded('contract_spend_limit_reached'), 'quota', 'other', 'credential'],
    [429, coded('ramp_limit_exceeded'), 'rate-limit', 'same', 'model'],
    [429, coded('toString'), 'rate-limit', 'same', 'model'],
    [499, {}, 'invalid-request', 'none', 'request'],
    [500, { type: 'api_error' }, 'server', 'same', 'provider'],
    [502, {}, 'server', 'same', 'provider'],
    [503, { type: 'api_error' }, 'overloaded', 'same', 'provider'],
    [504, { type: 'timeout_error' }, 'timeout', 'other', 'model'],
    [529, { type: 'overloaded_error' }, 'overloaded', 'same', 'provider'],
    [400, { message: 'prompt is too long: 2 tokens > 1 maximum' }, 'context-length', 'other', 'request'],
    [
      400,
      { message: 'input length and `max_tokens` exceed context limit: 190000 + 20000 > 200000' },
      'context-length',
      'other',
      'request',
    ],
    [400, { message: 'Output blocked by content filtering policy' }, 'content-filter', 'other', 'request'],
    [400, { message: 'Your credit balance is too low' }, 'quota', 'other', 'credential'],
    [400, { message: 'messages.1.content.0: Invalid `signature`' }, 'invalid-request', 'none', 'request'],
    [400, { message: 'upstream said 500, 429 and rate limit' }, 'invalid-request', 'none', 'request'],
  ])('decides by code, type and status: %i %j', (status, body, kind, retry, scope) => {
    expect(map(apiError(status, body))).toMatchObject({ kind, retry, scope, status });
  });

  it.each([
    [{ type: 'api_error' }, 'server'],
    [{ type: 'rate_limit_error' }, 'rate-limit'],
    [{ type: 'overloaded_error' }, 'overloaded'],
    [{ type: 'timeout_error' }, 'timeout'],
    [{ type: 'invalid_request_error' }, 'invalid-request'],
    [{ type: 'invalid_request_error', message: 'prompt is too long' }, 'context-length'],
    [{ message: 'nobody knows' }, 'server'],
  ])('decides by type inside a stream, where there is no status: %j', (body, kind) => {
    expect([map(apiError(undefined, body)).kind, map(apiError(undefined, body)).status]).toEqual([
      kind,
      undefined,
    ]);
  });

  it.each(['ECONNRESET', 'ECONNREFUSED', 'ENOTFOUND', 'UND_ERR_SOCKET'])(
    'knows the network by its codes: %s',
    (code) => {
      const error = Object.assign(new Error('Connection error.'), {
        cause: new TypeError('fetch failed', { cause: Object.assign(new Error('x'), { code }) }),
      });
      expect(map(error)).toMatchObject({ kind: 'connection', retry: 'same', scope: 'provider' });
      expect(String((map(error).cause as Error).message)).toContain(code);
    },
  );

  it.each(['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT', 'ETIMEDOUT'])(
    'knows the platform’s own time-outs: %s',
    (code) => {
      const error = new TypeError('terminated', { cause: Object.assign(new Error('x'), { code }) });
      expect(map(error)).toMatchObject({ kind: 'timeout' });
    },
  );

  it('takes what is no JSON for malformed, and so what nobody expected', () => {
    expect(map(new SyntaxError('Unexpected token')).kind).toBe('malformed');
    expect(map('what?').kind).toBe('malformed');
  });

  it('leaves errors of Loci as they are', () => {
    const error = new InvalidInputError('x', 'is wrong');
    expect(mapError(error)).toBe(error);
  });

  it('keeps the request id and takes what looks like a key out of the words', () => {
    const error = map(
      apiError(401, { message: 'invalid API key: sk-ant-api03-abcdef.' }, { 'request-id': 'req_1' }),
    );
    expect([error.requestId, error.message]).toEqual([
      'req_1',
      'anthropic answered 401: invalid API key: [secret].',
    ]);
  });

  it.each([
    [{ 'retry-after-ms': '1500' }, 1500],
    [{ 'retry-after': '2.5' }, 2500],
    [{ 'retry-after': '7200' }, 7_200_000],
    [{ 'retry-after': 'Thu, 01 Jan 2026 00:01:30 GMT' }, 90_000],
    [{ 'retry-after': 'soon' }, undefined],
    [{}, undefined],
  ])('reads how long to wait: %j', (headers: Record<string, string>, wait) => {
    const clock = { now: () => Date.UTC(2026, 0, 1), after: () => () => {} };
    const mapped = mapError(apiError(429, {}, headers), { clock });
    expect(ModelError.isInstance(mapped) && mapped.retryAfterMs).toBe(wait);
  });
});
