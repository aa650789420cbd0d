import { type ChatEvent, createMessage, messageText } from '@loci/core';
import { type OpenAIServer, type OpenAIServerOptions, startOpenAI } from '@loci/testing/openai';
import { afterEach, describe, expect, it } from 'vitest';
import { openai } from './openai.js';
import type { OpenAISettings } from './settings.js';

const servers: OpenAIServer[] = [];

async function start(options?: OpenAIServerOptions): Promise<OpenAIServer> {
  const server = await startOpenAI(options);
  servers.push(server);
  return server;
}

function connect(server: OpenAIServer, settings: OpenAISettings = {}, modelId = 'gpt-4o') {
  return openai(modelId, { baseUrl: server.url, apiKey: 'sk-test-key-0123456789', ...settings });
}

const ask = (...texts: string[]) => ({
  messages: texts.map((content) => createMessage({ role: 'user', content })),
});

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

describe('openai', () => {
  it('answers, with the usage, the request id and the rate limits that the vendor stated', async () => {
    const server = await start();
    const response = await connect(server).generate(ask('My dog is called Rex.', 'What is my dog called?'));
    expect(messageText(response.message)).toBe('My dog is called Rex.');
    expect(response).toMatchObject({
      finishReason: 'stop',
      usage: {
        input: expect.any(Number),
        output: expect.any(Number),
        cacheRead: 0,
        cacheWrite: 0,
        reasoning: 0,
      },
      model: { provider: 'openai', modelId: 'gpt-4o', requestId: 'req_000000000001' },
      warnings: [],
      notes: { openai: { servedModel: 'stand-in-quoting', rateLimits: { 'limit-requests': '10000' } } },
    });
    expect(server.requests[0]).toMatchObject({ headers: { authorization: 'Bearer sk-test-key-0123456789' } });
    expect(server.requests[0]?.rejected).toBeUndefined();
  });

  it('streams deltas that add up to the response, and finishes once', async () => {
    const server = await start({ answer: () => ({ reasoning: 'Let me see.', text: 'It is Rex.' }) });
    const events: ChatEvent[] = [];
    for await (const event of connect(server).stream(ask('hi'))) events.push(event);
    const textOf = (type: string) =>
      events.flatMap((event) => (event.type === type && 'text' in event ? [event.text] : [])).join('');
    expect([textOf('reasoning-delta'), textOf('text-delta')]).toEqual(['Let me see.', 'It is Rex.']);
    expect(events.filter((event) => event.type === 'finish')).toHaveLength(1);
    const last = events.at(-1);
    expect(last?.type === 'finish' && last.response.message.content).toEqual([
      { type: 'reasoning', text: 'Let me see.', origin: { provider: 'openai', model: 'gpt-4o' } },
      { type: 'text', text: 'It is Rex.' },
    ]);
  });
});
