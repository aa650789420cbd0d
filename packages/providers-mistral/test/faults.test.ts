import { type ErrorKind, messageText } from '@loci/core';
import { createTestClock } from '@loci/testing';
import { type MistralFault, mistralFaults } from '@loci/testing/mistral';
import { describe, expect, it } from 'vitest';
import { ask, connect, everything, failureOf, key, start } from './harness.js';

/** What each fault must become; those that are answers stand below. */
const kinds: Partial<Record<MistralFault, ErrorKind>> = {
  'rate-limit': 'rate-limit',
  'rate-limit-long': 'rate-limit',
  'rate-limit-date': 'rate-limit',
  'rate-limit-silent': 'rate-limit',
  capacity: 'overloaded',
  quota: 'quota',
  'server-error': 'server',
  'bad-gateway': 'server',
  unavailable: 'overloaded',
  overloaded: 'overloaded',
  unauthorized: 'auth',
  'echo-key': 'auth',
  'context-length': 'context-length',
  'content-policy': 'content-filter',
  'message-order': 'invalid-request',
  'function-call': 'invalid-request',
  validation: 'invalid-request',
  'unknown-model': 'not-found',
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
  'finish-error': 'server',
  'malformed-arguments': 'malformed',
  html: 'server',
  'html-as-stream': 'truncated',
  empty: 'server',
  'empty-stream': 'truncated',
};
const answers: readonly MistralFault[] = [
  'stall-after-finish',
  'no-done',
  'no-usage',
  'length',
  'model-length',
  'deprecated',
];

describe('a fault of the vendor', () => {
  it.each(mistralFaults.filter((fault) => !answers.includes(fault)))(
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

  it('names its request, also where it comes inside the answer', async () => {
    const server = await start();
    server.setFault('malformed-chunk');
    const error = await failureOf(connect(server).generate(ask('hi')));
    expect(error.requestId).toMatch(/-000000000001$/);
  });

  it.each([
    ['no-done', 'stop'],
    ['model-length', 'context-window'],
    ['deprecated', 'stop'],
  ] as const)('that is an answer is one: %s', async (fault, finishReason) => {
    const server = await start({ answer: () => 'one two three' });
    server.setFault(fault);
    const response = await connect(server).generate(ask('hi'));
    expect([messageText(response.message), response.finishReason]).toEqual(['one two three', finishReason]);
  });

  it('does not wait for the end marker longer than for content, and keeps the answer', async () => {
    const clock = createTestClock();
    const server = await start({ answer: () => 'one two three' });
    server.setFault('stall-after-finish');
    const complete = Promise.withResolvers<void>();
    const answered = (async () => {
      for await (const event of connect(server, { clock }).stream(ask('hi'))) {
        if (event.type === 'finish') return event.response;
        if ('text' in event && event.text === 'three') complete.resolve();
      }
      throw new Error('no finish');
    })();
    await Promise.all([server.whenHeld(), complete.promise]);
    // The end that was sent before the hold may still be on its way to the client.
    for (let turn = 0; turn < 20; turn++) await clock.advance(1);
    await clock.advance(60_000);
    const response = await answered;
    expect([messageText(response.message), response.usage?.output]).toEqual(['one two three', 4]);
    expect(await server.requests[0]?.closedByClient).toBe(true);
  });

  it('leaves out a call that the maximum of tokens cut, with a warning', async () => {
    const server = await start({
      answer: () => ({ text: 'ok', toolCalls: [{ name: 't', arguments: '{"a": ' }], finishReason: 'length' }),
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
    for (const fault of ['rate-limit', 'rate-limit-long', 'rate-limit-date', 'rate-limit-silent'] as const) {
      server.setFault(fault);
      const error = await failureOf(connect(server).generate(ask('hi')));
      expect(error).toMatchObject({
        status: 429,
        providerCode: '1300',
        retry: 'same',
        scope: 'model',
      });
      waits.push(error.retryAfterMs);
    }
    const [seconds, long, date, silent] = waits;
    expect([seconds, long, silent]).toEqual([2000, 120_000, undefined]);
    expect(date).toSatisfy((wait: number) => wait > 80_000 && wait <= 90_000);
  });
});
