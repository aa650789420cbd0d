import type { ServerResponse } from 'node:http';
import { type FaultOptions, startLoopback } from '../loopback/start-loopback.js';
import type { OpenAIFault } from './faults.js';
import { planAnswer } from './plan-answer.js';
import { readCall, refuse } from './read-call.js';
import type { OpenAIServerOptions } from './server-options.js';
import type { VendorError } from './vendor-error.js';

/** One request as it arrived, and what became of it. */
export interface RecordedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Parsed; the raw text where it is not JSON. */
  readonly body: unknown;
  /** Why the vendor would refuse it; absent where it would not. */
  readonly rejected?: VendorError;
  readonly fault?: OpenAIFault;
  /** Resolves true if the client went away before its answer was complete, false if the server finished first. */
  readonly closedByClient: Promise<boolean>;
}

export interface OpenAIServer {
  /** Ends with `/v1`. */
  readonly url: string;
  readonly requests: readonly RecordedRequest[];
  /** Queues a fault for the next requests. The oldest one that fits a request befalls it. */
  setFault(fault: OpenAIFault, options?: FaultOptions): void;
  clearFaults(): void;
  /** Resolves when a request is held: by `silent`, `slow-first-token`, `stall` or `drip`. */
  whenHeld(): Promise<void>;
  /** Lets everything that is held now go on. */
  release(): void;
  /** Requests whose answer is neither complete nor given up. */
  openConnections(): number;
  /** Ends every connection. Nothing is left open. */
  close(): Promise<void>;
}

/**
 * A server on the loopback interface that speaks OpenAI's two dialects, `POST /v1/chat/completions` and
 * `POST /v1/responses`, plain and streamed, and answers `POST /v1/embeddings`, `POST /v1/responses/input_tokens` and `GET /v1/models`. It refuses what the vendor refuses and misbehaves on command. It is a stand-in and not
 * a language model; by default its answers only quote their prompt and name `stand-in-quoting` as their model.
 *
 * @example
 * const server = await startOpenAI({ answer: () => 'Hello.' });
 * server.setFault('rate-limit');
 * await server.close();
 */
export async function startOpenAI(options: OpenAIServerOptions = {}): Promise<OpenAIServer> {
  const { origin, ...server } = await startLoopback<OpenAIFault, RecordedRequest>(
    async (request, takeFault) => {
      const call = await readCall(request);
      const rejected = refuse(call, options);
      const fault = call.api || call.side ? takeFault(call.model) : undefined;
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
  return Object.freeze({ url: `${origin}/v1`, ...server });
}

function setVendorHeaders(response: ServerResponse, count: number): void {
  response.setHeader('x-request-id', `req_${String(count).padStart(12, '0')}`);
  response.setHeader('openai-processing-ms', '1');
  response.setHeader('x-ratelimit-limit-requests', '10000');
  response.setHeader('x-ratelimit-remaining-requests', '9999');
  response.setHeader('x-ratelimit-reset-requests', '6ms');
  response.setHeader('x-ratelimit-limit-tokens', '2000000');
  response.setHeader('x-ratelimit-remaining-tokens', String(2_000_000 - count));
  response.setHeader('x-ratelimit-reset-tokens', '1ms');
}
