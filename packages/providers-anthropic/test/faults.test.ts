import { type ErrorKind, messageText } from '@loci/core';
import { createTestClock } from '@loci/testing';
import { type AnthropicFault, anthropicFaults } from '@loci/testing/anthropic';
import { describe, expect, it } from 'vitest';
import { ask, connect, everything, failureOf, key, start } from './harness.js';

/** What each fault must become; those that are answers stand below. */
const kinds: Partial<Record<AnthropicFault, ErrorKind>> = {
  'rate-limit': 'rate-limit',
  'rate-limit-long': 'rate-limit',
  'rate-limit-ms': 'rate-limit',
  'rate-limit-date': 'rate-limit',
  'rate-limit-silent': 'rate-limit',
  'ramp-limit': 'rate-limit',
  quota: 'quota',
  'spend-limit': 'quota',
  'no-credit': 'quota',
  'server-error': 'server',
  'bad-gateway': 'server',
  unavailable: 'overloaded',
  'gateway-timeout': 'timeout',
  overloaded: 'overloaded',
  unauthorized: 'auth',
  forbidden: 'auth',
  'not-found': 'not-found',
  'echo-key': 'auth',
  'context-length': 'context-length',
  'too-large': 'context-length',
  'content-policy': 'content-filter',
  'invalid-signature': 'invalid-request',
  'reset-before-headers': 'connection',
  'reset-mid-stream': 'connection',
  silent: 'timeout',
  'slow-first-token': 'timeout',
  stall: 'timeout',
  drip: 'timeout',
  cut: 'truncated',
  'no-finish': 'truncated',
  'malformed-chunk': 'malformed',
  'garbage-chunk': 'malformed',
  'error-frame': 'server',
  'error-frame-first': 'server',
  'overloaded-frame': 'overloaded',
  'malformed-arguments': 'malformed',
  html: 'server',
  'html-as-stream': 'truncated',
  empty: 'server',
  'empty-stream': 'truncated',
};
const answers: readonly AnthropicFault[] = [
  'no-stop',
  'stall-after-finish',
  'no-usage',
  'content-filter',
  'length',
  'context-window',
  'pause',
];

describe('a fault of the vendor', () => {
  it.each(anthropicFaults.filter((fault) => !answers.includes(fault)))(
    'is never a success, is sent once, leaves nothing open and shows no secret: %s',
    async (fault) => {
      const clock = createTestClock();
      const server = await start({ answer: () => 'one two three' });
      server.setFault(fault, { times: Number.POSITIVE_INFINITY });
      const held = ['silent', 'slow-first-token', 'stall', 'drip'].includes(fault);
      const failed = failureOf(
        connect(server, { clock, headers: { 'x-gateway-key': 'hush-hush-hush' } }).generate({
          ...ask('hi'),
          tools: [{ name: 't', description: '', inputSchema: {} }],
        }),
      );
      if (held) {
        await server.whenHeld();
        // The content that was sent before may still be on its way to the client.
        for (let turn = 0; turn < 20; turn++) await clock.advance(1);
        await clock.advance(300_000);
      }
      const error = await failed;
      expect(error.kind).toBe(kinds[fault]);
      expect(everything(error)).not.toMatch(new RegExp(`${key}|hush-hush`));
      expect(server.requests).toHaveLength(1);
      if (held) expect(await server.requests[0]?.closedByClient).toBe(true);
      expect(server.openConnections()).toBe(0);
      expect(clock.pending()).toEqual([]);
    },
  );

  it('needs no `message_stop` behind the stop reason, and does not wait for it longer than for content', async () => {
    const clock = createTestClock();
    const server = await start({ answer: () => 'one two three' });
    server.setFault('no-stop');
    const model = connect(server, { clock });
    expect(messageText((await model.generate(ask('hi'))).message)).toBe('one two three');
    server.setFault('stall-after-finish');
    const answered = model.generate(ask('hi'));
    await server.whenHeld();
    for (let turn = 0; turn < 20; turn++) await clock.advance(1);
    await clock.advance(300_000);
    expect(await answered).toMatchObject({ finishReason: 'stop', usage: { output: expect.any(Number) } });
    expect(clock.pending()).toEqual([]);
  });

  it('names its request, also where it comes inside the answer', async () => {
    const server = await start();
    server.setFault('malformed-chunk');
    const error = await failureOf(connect(server).generate(ask('hi')));
    expect(error.requestId).toBe('req_000000000001');
  });

  it.each([
    ['context-window', 'context-window'],
    ['pause', 'paused'],
  ] as const)('that is an answer is one: %s', async (fault, finishReason) => {
    const server = await start({ answer: () => 'one two three' });
    server.setFault(fault);
    const response = await connect(server).generate(ask('hi'));
    expect([messageText(response.message), response.finishReason]).toEqual(['one two three', finishReason]);
  });

  it('keeps the usage of a call that fails: what was read has its price', async () => {
    const server = await start({ answer: () => ({ text: 'one two three', cacheRead: 5 }) });
    server.setFault('cut');
    const { usage } = await failureOf(connect(server).generate(ask('a long enough question to be cached')));
    expect(usage).toMatchObject({ input: expect.toSatisfy((input) => input > 5), cacheRead: 5, output: 1 });
  });

  it('leaves out a call that the maximum of tokens cut, with a warning', async () => {
    const server = await start({
      answer: () => ({ text: 'ok', toolCalls: [{ name: 't', input: '{"a": ' }], stopReason: 'max_tokens' }),
    });
    const response = await connect(server).generate({
      ...ask('hi'),
      tools: [{ name: 't', description: '', inputSchema: {} }],
    });
    expect(response.message.content).toEqual([{ type: 'text', text: 'ok' }]);
    expect([response.finishReason, response.warnings.map((warning) => warning.code)]).toEqual([
      'length',
      ['tool-call-cut'],
    ]);
  });

  it('says how long to wait, also where that is long', async () => {
    const server = await start();
    const waits: (number | undefined)[] = [];
    for (const fault of [
      'rate-limit',
      'rate-limit-long',
      'rate-limit-ms',
      'rate-limit-date',
      'rate-limit-silent',
    ] as const) {
      server.setFault(fault);
      const error = await failureOf(connect(server).generate(ask('hi')));
      expect(error).toMatchObject({
        status: 429,
        providerCode: 'rate_limit_error',
        retry: 'same',
        scope: 'model',
      });
      waits.push(error.retryAfterMs);
    }
    const [seconds, long, milliseconds, date, silent] = waits;
    expect([seconds, long, milliseconds, silent]).toEqual([2000, 120_000, 1500, undefined]);
    expect(date).toSatisfy((wait: number) => wait > 80_000 && wait <= 90_000);
  });
});
