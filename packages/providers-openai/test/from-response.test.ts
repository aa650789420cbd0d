import { messageText } from '@loci/core';
import OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import { fromOpenAIResponse, mapError } from '../src/index.js';
import { key, start } from './harness.js';

const question = { model: 'gpt-4o', messages: [{ role: 'user' as const, content: 'hi' }] };

/** The vendor's own client, without any of this package around it. */
async function ask(url: string, body: object = {}): Promise<unknown> {
  const client = new OpenAI({ baseURL: url, apiKey: key, maxRetries: 0, logLevel: 'off' });
  return await client.chat.completions.create({ ...question, ...body });
}

describe('fromOpenAIResponse', () => {
  it('reads what the bare client returns', async () => {
    const tools = [{ type: 'function', function: { name: 'f', parameters: {} } }];
    const server = await start({
      answer: () => ({
        text: 'Yes.',
        toolCalls: [{ name: 'f', arguments: { a: 1 }, id: 'call_1' }],
        cachedTokens: 1,
      }),
    });
    const response = fromOpenAIResponse(await ask(server.url, { tools }), { modelId: 'gpt-4o' });
    expect(response).toMatchObject({
      finishReason: 'tool-calls',
      message: {
        role: 'assistant',
        content: [
          { type: 'text', text: 'Yes.' },
          { type: 'tool-call', toolCallId: 'call_1', input: { a: 1 } },
        ],
      },
      usage: { cacheRead: 1 },
      model: { provider: 'openai', modelId: 'gpt-4o', requestId: 'req_000000000001' },
    });
  });

  it('gives reasoning its origin', async () => {
    const server = await start({ answer: () => ({ reasoning: 'hm', text: 'Yes.' }) });
    const response = fromOpenAIResponse(await ask(server.url), { modelId: 'r1', provider: 'local' });
    expect(response.message.content[0]).toEqual({
      type: 'reasoning',
      text: 'hm',
      origin: { provider: 'local', model: 'r1' },
    });
    expect(messageText(response.message)).toBe('Yes.');
  });

  it.each(['html', 'empty', 'error-frame', 'malformed-arguments'] as const)(
    'takes no failure that the client returns for an answer: %s',
    async (fault) => {
      const server = await start();
      server.setFault(fault);
      const returned = await ask(server.url);
      expect(() => fromOpenAIResponse(returned, { modelId: 'gpt-4o' })).toThrow(
        expect.objectContaining({ kind: 'malformed' }),
      );
    },
  );

  it('takes no choice without an end for an answer', () => {
    const choices = [{ index: 0, message: { role: 'assistant', content: 'half' }, finish_reason: null }];
    expect(() => fromOpenAIResponse({ choices }, { modelId: 'gpt-4o' })).toThrow(
      expect.objectContaining({ kind: 'truncated' }),
    );
  });
});

describe('mapError', () => {
  it('maps what the bare client throws', async () => {
    const server = await start();
    server.setFault('quota');
    const thrown = await ask(server.url).catch((error: unknown) => error);
    expect(mapError(thrown)).toMatchObject({
      kind: 'quota',
      status: 429,
      providerCode: 'insufficient_quota',
      requestId: 'req_000000000001',
    });
  });
});
