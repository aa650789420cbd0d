import type { ChatModel, ChatRequest, Clock } from '@loci/core';
import type { ModelContext, ModelScenario, ModelSubject } from '../model-kit/scenarios.js';
import type { OpenAIAnswer } from './answer.js';
import type { OpenAIFault } from './faults.js';
import { startOpenAI } from './start-openai.js';

const apiKey = 'sk-conformance-0123456789';
const weather = (...cities: readonly string[]) =>
  cities.map((city) => ({ name: 'weather', arguments: { city } }));
const usage = { promptTokens: 100, completionTokens: 20 };

/** How the loopback vendor plays each scenario; without a fault it answers. */
const scenes: Readonly<
  Record<ModelScenario, { readonly fault?: OpenAIFault; readonly answer?: OpenAIAnswer }>
> = {
  text: {},
  reasoning: { answer: { reasoning: 'Let me see.', text: 'one two three' } },
  'tool-call': { answer: { toolCalls: weather('Porto') } },
  'tool-calls': { answer: { toolCalls: weather('Porto', 'Lima') } },
  json: { answer: { text: '{"total":6}' } },
  cached: { answer: { text: 'one two three', usage, cachedTokens: 40 } },
  'cache-write': { answer: { text: 'one two three', usage, cacheWriteTokens: 8 } },
  'counted-reasoning': { answer: { text: 'one two three', usage, reasoningTokens: 6 } },
  'no-usage': { fault: 'no-usage' },
  length: { fault: 'length' },
  'content-filter': { fault: 'content-filter' },
  cut: { fault: 'cut' },
  'cut-tool-call': { fault: 'cut', answer: { toolCalls: weather('Porto') } },
  reset: { fault: 'reset-mid-stream' },
  empty: { fault: 'empty-stream' },
  malformed: { fault: 'malformed-chunk' },
  'malformed-tool-call': { fault: 'malformed-arguments' },
  'error-in-stream': { fault: 'error-frame' },
  'rate-limit': { fault: 'rate-limit' },
  quota: { fault: 'quota' },
  'server-error': { fault: 'server-error' },
  overloaded: { fault: 'overloaded' },
  unauthorized: { fault: 'unauthorized' },
  'echoed-key': { fault: 'echo-key' },
  'context-length': { fault: 'context-length' },
  refused: { fault: 'content-policy' },
  silent: { fault: 'silent' },
  'slow-first-content': { fault: 'slow-first-token' },
  stalled: { fault: 'stall' },
};

/** What a model of either dialect is given. */
export interface OpenAIConnection {
  /** Of the loopback vendor; ends with `/v1`. */
  readonly url: string;
  readonly apiKey: string;
  readonly clock: Clock;
}

/**
 * The vendor of the model kit for providers that speak Chat Completions or Responses: our loopback server in every scenario.
 *
 * @param unsupported What of a request the model cannot honour. @default reasoning
 * @example
 * create: openAIScenarios(({ url, apiKey, clock }) => openai('gpt-4o', { baseUrl: url, apiKey, clock })),
 */
export function openAIScenarios(
  connect: (connection: OpenAIConnection) => ChatModel,
  unsupported: Partial<ChatRequest> = { reasoning: { effort: 'high' } },
): (context: ModelContext) => Promise<ModelSubject> {
  return async ({ scenario, clock, onEnd }) => {
    const { fault, answer = { text: 'one two three' } } = scenes[scenario];
    const server = await startOpenAI({ answer: () => answer });
    onEnd(() => server.close());
    if (fault) server.setFault(fault, { times: Number.POSITIVE_INFINITY });
    return {
      model: connect({ url: server.url, apiKey, clock }),
      requests: () => server.requests.length,
      openConnections: server.openConnections,
      received: () =>
        JSON.stringify(
          server.requests.map(({ path, body, headers: { authorization: _, ...headers } }) => ({
            path,
            headers,
            body,
          })),
        ),
      bodies: () => server.requests.map(({ body }) => JSON.stringify(body)),
      whenHeld: server.whenHeld,
      secret: apiKey,
      unsupported,
    };
  };
}
