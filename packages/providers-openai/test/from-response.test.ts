import { type ChatEvent, messageText, type Part } from '@loci/core';
import { encryptedBy } from '@loci/testing/openai';
import OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import {
  fromOpenAIResponse,
  fromOpenAIResponses,
  fromOpenAIResponsesStream,
  mapError,
} from '../src/index.js';
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

describe('fromOpenAIResponses', () => {
  const client = (baseURL: string) => new OpenAI({ baseURL, apiKey: key, maxRetries: 0, logLevel: 'off' });
  const hi = {
    model: 'gpt-5.4',
    input: 'hi',
    include: ['reasoning.encrypted_content' as const],
    stream: false as const,
  };
  const answer = () => ({ reasoning: 'hm', text: 'Yes.', cachedTokens: 1 });

  it('reads what the bare client returns, and its stream alike', async () => {
    const server = await start({ answer });
    const plain = fromOpenAIResponses(await client(server.url).responses.create(hi), { modelId: 'gpt-5.4' });
    expect(plain).toMatchObject({
      finishReason: 'stop',
      message: {
        role: 'assistant',
        content: [
          { type: 'reasoning', text: 'hm', payload: { encrypted_content: encryptedBy('hm') } },
          { type: 'text', text: 'Yes.' },
        ],
      },
      usage: { cacheRead: 1 },
    });
    const stream = await client(server.url).responses.create({ ...hi, stream: true });
    const events: ChatEvent[] = [];
    for await (const event of fromOpenAIResponsesStream(stream, { modelId: 'gpt-5.4' })) events.push(event);
    const last = events.at(-1);
    const texts = (content: readonly Part[]) => content.map((part) => 'text' in part && part.text);
    expect(last?.type === 'finish' && texts(last.response.message.content)).toEqual(
      texts(plain.message.content),
    );
  });

  it.each([
    ['html', 'malformed'],
    ['empty', 'malformed'],
    ['error-frame', 'malformed'],
    ['malformed-arguments', 'malformed'],
    ['failed', 'server'],
  ] as const)('takes no failure that the client returns for an answer: %s', async (fault, kind) => {
    const server = await start();
    server.setFault(fault);
    // Of a page and of nothing the client makes an error of its own.
    const read = async () => {
      const returned: unknown = await client(server.url)
        .responses.create(hi)
        .catch((error: unknown) => {
          throw mapError(error);
        });
      return fromOpenAIResponses(returned, { modelId: 'gpt-5.4' });
    };
    await expect(read()).rejects.toMatchObject({ kind });
  });

  it.each(['in_progress', 'queued', 'cancelled'])('takes no response that is %s for an answer', (status) => {
    const response = { object: 'response', status, output: [] };
    expect(() => fromOpenAIResponses(response, { modelId: 'gpt-5.4' })).toThrow(
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
