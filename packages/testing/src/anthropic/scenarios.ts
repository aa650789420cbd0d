import type { ChatModel, ChatRequest, Clock } from '@loci/core';
import type { ModelContext, ModelScenario, ModelSubject } from '../model-kit/scenarios.js';
import type { AnthropicAnswer } from './answer.js';
import type { AnthropicFault } from './faults.js';
import { startAnthropic } from './start-anthropic.js';

const apiKey = 'sk-ant-conformance-0123456789';
const weather = (...cities: readonly string[]) =>
  cities.map((city) => ({ name: 'weather', input: { city } }));
const usage = (inputTokens: number) => ({ inputTokens, outputTokens: 20 });

/** How the loopback vendor plays each scenario; without a fault it answers. */
const scenes: Readonly<
  Record<ModelScenario, { readonly fault?: AnthropicFault; readonly answer?: AnthropicAnswer }>
> = {
  text: { answer: { text: 'one two three', cacheRead: 1, thinkingTokens: 2 } },
  reasoning: { answer: { thinking: 'Let me see.', text: 'one two three' } },
  'tool-call': { answer: { toolCalls: weather('Porto') } },
  'tool-calls': { answer: { toolCalls: weather('Porto', 'Lima') } },
  json: { answer: { text: '{"total":6}' } },
  cached: { answer: { text: 'one two three', usage: usage(60), cacheRead: 40 } },
  'cache-write': { answer: { text: 'one two three', usage: usage(92), cacheWrite5m: 5, cacheWrite1h: 3 } },
  'counted-reasoning': { answer: { text: 'one two three', usage: usage(100), thinkingTokens: 6 } },
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

/** What a model of the Messages dialect is given. */
export interface AnthropicConnection {
  /** Of the loopback vendor, without `/v1`. */
  readonly url: string;
  readonly apiKey: string;
  readonly clock: Clock;
}

/**
 * The vendor of the model kit for providers that speak Anthropic's Messages: our loopback server in every scenario.
 *
 * @param unsupported What of a request the model cannot honour. @default a temperature, which the newer models refuse
 * @example
 * create: anthropicScenarios(({ url, apiKey, clock }) => anthropic('claude-opus-5', { baseUrl: url, apiKey, clock })),
 */
export function anthropicScenarios(
  connect: (connection: AnthropicConnection) => ChatModel,
  unsupported: Partial<ChatRequest> = { temperature: 0.5 },
): (context: ModelContext) => Promise<ModelSubject> {
  return async ({ scenario, clock, onEnd }) => {
    const { fault, answer = { text: 'one two three' } } = scenes[scenario];
    const server = await startAnthropic({ answer: () => answer });
    onEnd(() => server.close());
    if (fault) server.setFault(fault, { times: Number.POSITIVE_INFINITY });
    return {
      model: connect({ url: server.url, apiKey, clock }),
      requests: () => server.requests.length,
      openConnections: server.openConnections,
      received: () =>
        JSON.stringify(
          server.requests.map(
            ({ path, body, headers: { authorization: _, 'x-api-key': __, ...headers } }) => ({
              path,
              headers,
              body,
            }),
          ),
        ),
      bodies: () => server.requests.map(({ body }) => JSON.stringify(body)),
      whenHeld: server.whenHeld,
      secret: apiKey,
      unsupported,
    };
  };
}
