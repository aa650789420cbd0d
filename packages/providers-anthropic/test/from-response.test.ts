import Anthropic from '@anthropic-ai/sdk';
import { describe, expect, it } from 'vitest';
import { fromAnthropicResponse, fromAnthropicStream, mapError } from '../src/index.js';
import { key, start } from './harness.js';

const question = {
  model: 'claude-opus-5',
  max_tokens: 1000,
  messages: [{ role: 'user' as const, content: 'hi' }],
};

/** The vendor's own client, without any of this package around it. */
function bare(url: string): Anthropic {
  return new Anthropic({ baseURL: url, apiKey: key, maxRetries: 0, logLevel: 'off' });
}

describe('with the bare client', () => {
  it('plain and streamed answers are the same response', async () => {
    const server = await start({
      answer: () => ({
        thinking: 'hm',
        redacted: 'hush',
        text: 'Yes.',
        toolCalls: [{ name: 'f', input: { a: 1 }, id: 'toolu_1' }],
        cacheRead: 1,
      }),
    });
    const plain = fromAnthropicResponse(await bare(server.url).messages.create(question), {
      modelId: 'claude-opus-5',
    });
    expect(plain).toMatchObject({
      finishReason: 'tool-calls',
      usage: { cacheRead: 1 },
      model: { provider: 'anthropic', modelId: 'claude-opus-5', requestId: 'req_000000000001' },
    });
    const events = await bare(server.url).messages.create({ ...question, stream: true });
    for await (const event of fromAnthropicStream(events, { modelId: 'claude-opus-5' })) {
      if (event.type !== 'finish') continue;
      expect(event.response.message.content).toEqual(plain.message.content);
      expect([event.response.usage, event.response.finishReason]).toEqual([plain.usage, plain.finishReason]);
    }
  });

  it.each(['html', 'error-frame', 'malformed-arguments'] as const)(
    'no failure that it returns is taken for an answer: %s',
    async (fault) => {
      const server = await start();
      server.setFault(fault);
      const returned: unknown = await bare(server.url).messages.create(question);
      expect(() => fromAnthropicResponse(returned, { modelId: 'claude-opus-5' })).toThrow(
        expect.objectContaining({ kind: 'malformed' }),
      );
    },
  );

  it('a message without a stop reason is truncated', () => {
    const half = { content: [{ type: 'text', text: 'half' }], stop_reason: null };
    expect(() => fromAnthropicResponse(half, { modelId: 'claude-opus-5' })).toThrow(
      expect.objectContaining({ kind: 'truncated' }),
    );
  });

  it('what it throws is mapped', async () => {
    const server = await start();
    server.setFault('spend-limit');
    const thrown = await bare(server.url)
      .messages.create(question)
      .catch((error: unknown) => error);
    expect(mapError(thrown)).toMatchObject({
      kind: 'quota',
      status: 429,
      providerCode: 'enforced_spend_limit_reached',
      requestId: 'req_000000000001',
    });
    server.setFault('empty');
    const empty = await bare(server.url)
      .messages.create(question)
      .catch((error: unknown) => error);
    expect(mapError(empty)).toMatchObject({ kind: 'malformed' });
  });
});
