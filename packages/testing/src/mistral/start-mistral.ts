import type { ServerResponse } from 'node:http';
import { type FaultOptions, startLoopback } from '../loopback/start-loopback.js';
import type { MistralFault } from './faults.js';
import { planAnswer } from './plan-answer.js';
import { readCall, refuse } from './read-call.js';
import type { MistralRefusal } from './refusal.js';
import type { MistralServerOptions } from './server-options.js';

/** One request as it arrived, and what became of it. */
export interface RecordedMistralRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Parsed; the raw text where it is not JSON. */
  readonly body: unknown;
  /** Why the vendor would refuse it; absent where it would not. */
  readonly rejected?: MistralRefusal;
  readonly fault?: MistralFault;
  /** Resolves true if the client went away before its answer was complete, false if the server finished first. */
  readonly closedByClient: Promise<boolean>;
}

export interface MistralServer {
  /** Without the `/v1` that the vendor's client adds. */
  readonly url: string;
  readonly requests: readonly RecordedMistralRequest[];
  /** Queues a fault for the next requests. The oldest one that fits a request befalls it. */
  setFault(fault: MistralFault, options?: FaultOptions): void;
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
 * A server on the loopback interface that speaks Mistral Chat: `POST /v1/chat/completions`, plain and streamed,
 * `POST /v1/embeddings` and `GET /v1/models`. It refuses what the vendor refuses and misbehaves on command. It is a
 * stand-in and not a language model; by default its answers only quote their prompt and name `stand-in-quoting` as their
 * model.
 *
 * @example
 * const server = await startMistral({ answer: () => 'Hello.' });
 * server.setFault('rate-limit');
 * await server.close();
 */
export async function startMistral(options: MistralServerOptions = {}): Promise<MistralServer> {
  const { origin, ...server } = await startLoopback<MistralFault, RecordedMistralRequest>(
    async (request, takeFault) => {
      const call = await readCall(request);
      const rejected = refuse(call, options);
      const fault = call.kind === 'chat' || call.kind === 'embeddings' ? takeFault(call.model) : undefined;
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
  const id = correlationId(count);
  response.setHeader('mistral-correlation-id', id);
  response.setHeader('x-kong-request-id', id);
  response.setHeader('x-ratelimit-limit-req-minute', '60');
  response.setHeader('x-ratelimit-remaining-req-minute', '59');
}

function correlationId(count: number): string {
  return `019b98cb-9ba7-7ce1-9414-${String(count).padStart(12, '0')}`;
}
