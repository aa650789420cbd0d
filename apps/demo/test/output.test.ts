import { type ChatModel, createMessage } from '@loci/core';
import { generateOutput, OutputError } from '@loci/core/output';
import { anthropic } from '@loci/providers-anthropic';
import { mistral } from '@loci/providers-mistral';
import { openai } from '@loci/providers-openai';
import { type AnthropicAnswer, startAnthropic } from '@loci/testing/anthropic';
import { type MistralAnswer, startMistral } from '@loci/testing/mistral';
import { type OpenAIAnswer, startOpenAI } from '@loci/testing/openai';
import { afterEach, describe, expect, expectTypeOf, it } from 'vitest';
import { z } from 'zod';

const schema = z.object({
  city: z.string(),
  sights: z.array(z.object({ name: z.string(), minutes: z.number() })),
  language: z.string().default('pt'),
});
const right = JSON.stringify({ city: 'Porto', sights: [{ name: 'Clérigos', minutes: 40 }] });
const wrong = JSON.stringify({ city: 'Porto', sights: [{ name: 'Clérigos', minutes: 'forty' }] });
const request = { messages: [createMessage({ role: 'user', content: 'What is there to see in Porto?' })] };
const apiKey = 'a-key-for-the-loopback';

interface Server {
  readonly requests: readonly { readonly body: unknown; readonly rejected?: unknown }[];
  close(): Promise<void>;
}

interface Vendor {
  readonly name: string;
  /** Answers the rounds in turn with these texts. */
  readonly start: (texts: readonly string[]) => Promise<readonly [ChatModel, Server]>;
}

const openServers: Server[] = [];
afterEach(async () => {
  await Promise.all(openServers.splice(0).map((server) => server.close()));
});

const inTurn = (texts: readonly string[]) => {
  let round = 0;
  return () => ({ text: texts[round++] ?? 'asked too often' });
};

const startOpenAIModel = (api: 'chat' | 'responses') => async (answer: () => OpenAIAnswer) => {
  const server = await startOpenAI({ answer });
  openServers.push(server);
  const modelId = api === 'chat' ? 'gpt-4o' : 'gpt-5.4';
  return [openai(modelId, { baseUrl: server.url, apiKey, api }), server] as const;
};

const startAnthropicModel = async (answer: () => AnthropicAnswer) => {
  const server = await startAnthropic({ answer });
  openServers.push(server);
  return [anthropic('claude-opus-5', { baseUrl: server.url, apiKey }), server] as const;
};

const startMistralModel = async (answer: () => MistralAnswer) => {
  const server = await startMistral({ answer });
  openServers.push(server);
  return [mistral('mistral-medium-3-5', { baseUrl: server.url, apiKey }), server] as const;
};

const vendors: readonly Vendor[] = [
  ...(['chat', 'responses'] as const).map((api) => ({
    name: `OpenAI over ${api}`,
    start: (texts: readonly string[]) => startOpenAIModel(api)(inTurn(texts)),
  })),
  {
    name: 'Anthropic',
    start: (texts) => startAnthropicModel(inTurn(texts)),
  },
  { name: 'Mistral', start: (texts) => startMistralModel(inTurn(texts)) },
];

describe.each(vendors)('a typed answer of $name', ({ start }) => {
  it('is valid at once', async () => {
    const [model, server] = await start([right]);
    const output = await generateOutput(model, request, { schema });
    expectTypeOf(output.value).toEqualTypeOf<z.output<typeof schema>>();
    expect(output.value).toEqual({ ...(JSON.parse(right) as object), language: 'pt' });
    // The vendor was given the schema and took it.
    expect(JSON.stringify(server.requests[0]?.body)).toContain('"minutes":{"type":"number"}');
    expect(server.requests[0]?.rejected).toBeUndefined();
  });

  it('is corrected once, in a conversation that the vendor takes', async () => {
    const [model, server] = await start([wrong, right]);
    const output = await generateOutput(model, request, { schema });
    expect(output.value.sights[0]?.minutes).toBe(40);
    expect(output.attempts).toMatchObject([{ issues: [{ path: 'sights[0].minutes' }] }]);
    expect(server.requests).toHaveLength(2);
    expect(server.requests[1]?.rejected).toBeUndefined();
    const [first, second] = [...output.attempts.map(({ response }) => response), output.response];
    expect(output.usage?.input).toBe((first?.usage?.input ?? 0) + (second?.usage?.input ?? 0));
    expect(JSON.stringify(server.requests[1]?.body)).toContain('sights[0].minutes');
  });

  it('fails after two that do not fit', async () => {
    const [model, server] = await start([wrong, wrong]);
    const error = await failureOf(generateOutput(model, request, { schema }));
    expect(error).toMatchObject({ reason: 'mismatch', text: wrong });
    expect(error.attempts).toHaveLength(2);
    expect(server.requests).toHaveLength(2);
  });

  it('fails at once where the maximum cuts it', async () => {
    const [model, server] = await start([right.repeat(4)]);
    const error = await failureOf(generateOutput(model, { ...request, maxOutputTokens: 16 }, { schema }));
    expect(error.reason).toBe('length');
    expect(server.requests).toHaveLength(1);
  });
});

it.each([
  ['OpenAI over chat', () => startOpenAIModel('chat')(() => ({ refusal: 'I will not.' }))],
  ['OpenAI over responses', () => startOpenAIModel('responses')(() => ({ refusal: 'I will not.' }))],
  ['Anthropic', () => startAnthropicModel(() => ({ text: 'I will not.', stopReason: 'refusal' }))],
  // Mistral has no refusal of its own: its guardrails refuse the whole request.
])('a typed answer that %s refuses fails at once', async (_, start) => {
  const [model, server] = await start();
  const error = await failureOf(generateOutput(model, request, { schema }));
  expect(error).toMatchObject({ reason: 'content-filter', text: 'I will not.', issues: [] });
  expect(server.requests).toHaveLength(1);
});

async function failureOf(promise: Promise<unknown>): Promise<OutputError> {
  const outcome: unknown = await promise.catch((error: unknown) => error);
  if (!OutputError.isInstance(outcome)) throw new Error('Expected an OutputError.', { cause: outcome });
  return outcome;
}
