import type { ServerResponse } from 'node:http';
import { type FaultOptions, startLoopback } from '../loopback/start-loopback.js';
import type { AnthropicFault } from './faults.js';
import { planAnswer, requestIdOf } from './plan-answer.js';
import { readCall, refuse } from './read-call.js';
import type { AnthropicServerOptions } from './server-options.js';
import type { AnthropicError } from './vendor-error.js';

/** One request as it arrived, and what became of it. */
export interface RecordedMessagesRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Parsed; the raw text where it is not JSON. */
  readonly body: unknown;
  /** Why the vendor would refuse it; absent where it would not. */
  readonly rejected?: AnthropicError;
  readonly fault?: AnthropicFault;
  /** Resolves true if the client went away before its answer was complete, false if the server finished first. */
  readonly closedByClient: Promise<boolean>;
}

export interface AnthropicServer {
  /** Without `/v1`, as the vendor's SDK wants its base URL. */
  readonly url: string;
  readonly requests: readonly RecordedMessagesRequest[];
  /** Queues a fault for the next requests. The oldest one that fits a request befalls it. */
  setFault(fault: AnthropicFault, options?: FaultOptions): void;
  clearFaults(): void;
  /** Resolves when a request is held: by `silent`, `slow-first-token`, `stall`, `stall-after-finish` or `drip`. */
  whenHeld(): Promise<void>;
  /** Lets everything that is held now go on. */
  release(): void;
  /** Requests whose answer is neither complete nor given up. */
  openConnections(): number;
  /** Ends every connection. Nothing is left open. */
  close(): Promise<void>;
}

/**
 * A server on the loopback interface that speaks Anthropic's Messages: `POST /v1/messages`, plain and streamed,
 * `POST /v1/messages/count_tokens` and `GET /v1/models`. It signs thinking and refuses signatures that are not its own for
 * the model, refuses what the vendor refuses and misbehaves on command. It is a stand-in and not a language model; by
 * default its answers only quote their prompt and name `stand-in-quoting` as their model.
 *
 * @example
 * const server = await startAnthropic({ answer: () => 'Hello.' });
 * server.setFault('overloaded');
 * await server.close();
 */
export async function startAnthropic(options: AnthropicServerOptions = {}): Promise<AnthropicServer> {
  const { origin, ...server } = await startLoopback<AnthropicFault, RecordedMessagesRequest>(
    async (request, takeFault) => {
      const call = await readCall(request);
      const rejected = refuse(call, options);
      const asks = call.endpoint === 'messages' || call.endpoint === 'count_tokens';
      const fault = asks ? takeFault(call.model) : undefined;
      return {
        record: (closedByClient) => ({
          method: call.method,
          path: call.path,
          headers: request.headers,
          body: call.body,
          ...(rejected && { rejected }),
          ...(fault && { fault }),
          closedByClient,
        }),
        plan(count, response) {
          setVendorHeaders(response, count);
          return planAnswer(call, rejected, fault, options, count);
        },
      };
    },
    options.port,
  );
  return Object.freeze({ url: origin, ...server });
}

function setVendorHeaders(response: ServerResponse, count: number): void {
  const soon = new Date(Date.now() + 1000).toISOString();
  response.setHeader('request-id', requestIdOf(count));
  response.setHeader('anthropic-organization-id', 'loopback-stand-in');
  for (const [kind, limit] of [
    ['requests', 4000],
    ['input-tokens', 2_000_000],
    ['output-tokens', 400_000],
  ] as const) {
    response.setHeader(`anthropic-ratelimit-${kind}-limit`, String(limit));
    response.setHeader(`anthropic-ratelimit-${kind}-remaining`, String(limit - count));
    response.setHeader(`anthropic-ratelimit-${kind}-reset`, soon);
  }
}
