import { createMessage, messageText } from '@loci/core';
import { Mistral } from '@mistralai/mistralai';
import { describe, expect, it } from 'vitest';
import { fromMistralMessages, fromMistralResponse, mapError, toMistralMessages } from '../src/index.js';
import { key, start } from './harness.js';

/** What the vendor's own client returns, without any of this package around it. */
async function ask(url: string, body: object = {}): Promise<unknown> {
  const client = new Mistral({ serverURL: url, apiKey: key });
  return await client.chat.complete({ model: 'm', messages: [{ role: 'user', content: 'hi' }], ...body });
}

describe('fromMistralResponse', () => {
  it('reads what the bare client returns', async () => {
    const toolCalls = [{ name: 'f', arguments: { a: 1 }, id: 'abcdefgh1' }];
    const server = await start({
      answer: () => ({ reasoning: 'hm', text: 'Yes.', toolCalls, cachedTokens: 1 }),
    });
    const response = fromMistralResponse(await ask(server.url), { modelId: 'm', requestId: 'r' });
    expect(response).toMatchObject({
      finishReason: 'tool-calls',
      message: {
        content: [
          { type: 'reasoning', text: 'hm', origin: { provider: 'mistral', model: 'm' } },
          { type: 'text', text: 'Yes.' },
          { type: 'tool-call', toolCallId: 'abcdefgh1', input: { a: 1 } },
        ],
      },
      usage: { cacheRead: 1 },
      model: { requestId: 'r' },
    });
    expect(messageText(response.message)).toBe('Yes.');
  });

  it.each([
    ['malformed', 'a page'],
    ['malformed', {}],
    ['malformed', { choices: [{}] }],
    ['truncated', { choices: [{ message: { content: 'half' }, finishReason: null }] }],
    ['server', { choices: [{ message: { content: 'half' }, finishReason: 'error' }] }],
  ])('takes no failure for an answer: %s %j', (kind, completion) => {
    expect(() => fromMistralResponse(completion, { modelId: 'm' })).toThrow(
      expect.objectContaining({ kind }),
    );
  });

  it('maps what the bare client throws', async () => {
    const server = await start();
    server.setFault('validation');
    const thrown = await ask(server.url).catch((error: unknown) => error);
    expect(mapError(thrown)).toMatchObject({
      kind: 'invalid-request',
      status: 422,
      message: 'mistral answered 422: body.temperature: Input should be <= 1.5',
      requestId: expect.stringMatching(/-000000000001$/),
    });
  });
});

describe('fromMistralMessages', () => {
  it('reads back what toMistralMessages made', () => {
    const origin = { provider: 'mistral', model: 'm' };
    const payload = { type: 'thinking', thinking: [{ type: 'text', text: 'hm' }], signature: 's' } as const;
    const messages = [
      createMessage({ role: 'system', content: 'Be brief.' }),
      createMessage({
        role: 'user',
        content: [
          { type: 'text', text: 'look' },
          { type: 'image', mediaType: 'image/png', data: 'AAAA' },
          { type: 'file', mediaType: 'application/pdf', data: 'BBBB', name: 'a.pdf' },
        ],
      }),
      createMessage({
        role: 'assistant',
        content: [
          { type: 'reasoning', text: 'hm', origin, payload },
          { type: 'text', text: 'Reading.' },
          { type: 'tool-call', toolCallId: 'abcdefgh1', toolName: 'read', input: { a: 1 } },
        ],
      }),
      createMessage({
        role: 'tool',
        content: [
          { type: 'tool-result', toolCallId: 'abcdefgh1', toolName: 'read', output: 'words', isError: false },
        ],
      }),
    ];
    const wire = toMistralMessages(messages, { origin }).messages;
    const back = fromMistralMessages(wire, { origin });
    expect(back.map(({ role, content }) => ({ role, content }))).toEqual(
      messages.map(({ role, content }) => ({ role, content })),
    );
    expect(fromMistralMessages(wire).flatMap(({ content }) => content.map(({ type }) => type))).not.toContain(
      'reasoning',
    );
  });

  it('refuses arguments that are no JSON, by their path', () => {
    const toolCalls = [{ id: 'a', function: { name: 'f', arguments: '{' } }];
    expect(() => fromMistralMessages([{ role: 'assistant', toolCalls }])).toThrow(
      expect.objectContaining({ path: 'messages[0].toolCalls[0].function.arguments' }),
    );
  });
});
