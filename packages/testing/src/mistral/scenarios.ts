import type { ChatModel, ChatRequest, Clock } from '@loci/core';
import type { ModelContext, ModelScenario, ModelSubject } from '../model-kit/scenarios.js';
import type { MistralAnswer } from './answer.js';
import type { MistralFault } from './faults.js';
import { startMistral } from './start-mistral.js';

const apiKey = 'mistral-conformance-0123456789';
const weather = (...cities: readonly string[]) =>
  cities.map((city) => ({ name: 'weather', arguments: { city } }));
const usage = { promptTokens: 100, completionTokens: 20 };

interface Scene {
  readonly fault?: MistralFault;
  readonly answer?: MistralAnswer;
}

/** How the loopback vendor plays each scenario; without a fault it answers. `undefined`: the vendor has no such thing. */
const scenes: Readonly<Record<ModelScenario, Scene | undefined>> = {
  text: {},
  reasoning: { answer: { reasoning: 'Let me see.', text: 'one two three' } },
  'tool-call': { answer: { toolCalls: weather('Porto') } },
  'tool-calls': { answer: { toolCalls: weather('Porto', 'Lima') } },
  json: { answer: { text: '{"total":6}' } },
  cached: { answer: { text: 'one two three', usage, cachedTokens: 40 } },
  'cache-write': undefined,
  'counted-reasoning': undefined,
  'no-usage': { fault: 'no-usage' },
  length: { fault: 'length' },
  'content-filter': undefined,
  cut: { fault: 'cut' },
  'cut-tool-call': { fault: 'cut', answer: { toolCalls: weather('Porto'), callsInPieces: true } },
  reset: { fault: 'reset-mid-stream' },
  empty: { fault: 'empty-stream' },
  malformed: { fault: 'malformed-chunk' },
  'malformed-tool-call': { fault: 'malformed-arguments' },
  'error-in-stream': { fault: 'error-frame' },
  'rate-limit': { fault: 'rate-limit' },
  quota: { fault: 'quota' },
  'server-error': { fault: 'server-error' },
  overloaded: { fault: 'unavailable' },
  unauthorized: { fault: 'unauthorized' },
  'echoed-key': { fault: 'echo-key' },
  'context-length': { fault: 'context-length' },
  refused: { fault: 'content-policy' },
  silent: { fault: 'silent' },
  'slow-first-content': { fault: 'slow-first-token' },
  stalled: { fault: 'stall' },
};

/** What a model of Mistral's dialect is given. */
export interface MistralConnection {
  /** Of the loopback vendor, without the `/v1` that the vendor's client adds. */
  readonly url: string;
  readonly apiKey: string;
  readonly clock: Clock;
}

/**
 * The vendor of the model kit for providers that speak Mistral Chat: our loopback server in every scenario but those that
 * the vendor does not have: declare the gaps `finish/content-filter`, `usage/cache-write` and `usage/reasoning`.
 *
 * @param unsupported What of a request the model cannot honour. @default reasoning of low effort
 * @example
 * create: mistralScenarios(({ url, apiKey, clock }) => mistral('mistral-large-2512', { baseUrl: url, apiKey, clock })),
 */
export function mistralScenarios(
  connect: (connection: MistralConnection) => ChatModel,
  unsupported: Partial<ChatRequest> = { reasoning: { effort: 'low' } },
): (context: ModelContext) => Promise<ModelSubject> {
  return async ({ scenario, clock, onEnd }) => {
    const scene = scenes[scenario];
    if (!scene) throw new Error(`Mistral has no scenario ${scenario}: declare its cases as gaps.`);
    const { fault, answer = { text: 'one two three' } } = scene;
    const server = await startMistral({ answer: () => answer });
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
