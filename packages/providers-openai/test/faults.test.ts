import { type ErrorKind, messageText } from '@loci/core';
import { createTestClock } from '@loci/testing';
import { type OpenAIFault, openAIFaults } from '@loci/testing/openai';
import { describe, expect, it } from 'vitest';
import { apis, ask, everything, failureOf, key, start } from './harness.js';

/** What each fault must become; those that are answers stand below. */
const kinds: Partial<Record<OpenAIFault, ErrorKind>> = {
  'rate-limit': 'rate-limit',
  'rate-limit-long': 'rate-limit',
  'rate-limit-ms': 'rate-limit',
  'rate-limit-date': 'rate-limit',
  'rate-limit-silent': 'rate-limit',
  quota: 'quota',
  'server-error': 'server',
  'bad-gateway': 'server',
  unavailable: 'overloaded',
  overloaded: 'overloaded',
  unauthorized: 'auth',
  'echo-key': 'auth',
  'context-length': 'context-length',
  'content-policy': 'content-filter',
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
  'malformed-arguments': 'malformed',
  failed: 'server',
  html: 'server',
  'html-as-stream': 'truncated',
  empty: 'server',
  'empty-stream': 'truncated',
};
const answers: readonly OpenAIFault[] = [
  'stall-after-finish',
  'no-done',
  'no-usage',
  'content-filter',
  'length',
];

const tools = [{ name: 't', description: '', inputSchema: {} }];

describe.each(apis)('a fault of the vendor in $api', ({ api, connect }) => {
  it.each(openAIFaults.filter((fault) => !answers.includes(fault)))(
    'is never a success, is sent once, leaves nothing open and shows no secret: %s',
    async (fault) => {
      const clock = createTestClock();
      const server = await start({ answer: () => 'one two three' });
      server.setFault(fault, { times: Number.POSITIVE_INFINITY });
      const held = ['silent', 'slow-first-token', 'stall', 'drip'].includes(fault);
      const failed = failureOf(
        connect(server, { clock, headers: { 'x-gateway-key': 'hush-hush-hush' } }).generate({
          ...ask('hi'),
          tools,
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
    expect(error.requestId).toBe('req_000000000001');
  });

  it('is none where only the mark behind the answer is missing', async () => {
    const server = await start({ answer: () => 'one two three' });
    server.setFault('no-done');
    const response = await connect(server).generate(ask('hi'));
    expect([messageText(response.message), response.finishReason]).toEqual(['one two three', 'stop']);
  });

  it('does not wait for usage longer than for content, and keeps the answer', async () => {
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
    // In Responses the end marker holds the usage.
    const usage = api === 'chat' ? null : expect.objectContaining({ output: 4 });
    expect([messageText(response.message), response.usage]).toEqual(['one two three', usage]);
    expect(await server.requests[0]?.closedByClient).toBe(true);
  });

  it.each([
    ['in the middle of its input', '{"a": '],
    ['before its input', ''],
  ])('leaves out a call that the maximum of tokens cut %s, with a warning', async (_, input) => {
    const server = await start({
      answer: () => ({ text: 'ok', toolCalls: [{ name: 't', arguments: input }], finishReason: 'length' }),
    });
    const response = await connect(server).generate({
      ...ask('hi'),
      tools,
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
        providerCode: 'rate_limit_exceeded',
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
