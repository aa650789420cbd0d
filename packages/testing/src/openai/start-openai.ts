import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { quotingModelId } from '../quoting/quoting-answer.js';
import type { ChatBody, OpenAIAnswer } from './answer.js';
import { type Envelope, toBodyFrames, toCompletion, toStreamFrames } from './completion.js';
import { defaultAnswer } from './default-answer.js';
import { type OpenAIFault, planFault } from './faults.js';
import { judgeChatRequest } from './judge/judge-chat-request.js';
import { performPlan } from './perform-plan.js';
import { bodyPlan, errorPlan, jsonType, type Plan, streamType } from './plan.js';
import { invalidRequest, type VendorError, vendorError } from './vendor-error.js';

export interface OpenAIServerOptions {
  /** @default answers by `quotingAnswer` */
  readonly answer?: (body: ChatBody) => string | OpenAIAnswer | Promise<string | OpenAIAnswer>;
  /** Refuses every other key with 401. @default accepts any, and none */
  readonly apiKey?: string;
  /** Refuses every other model with 404. @default accepts any */
  readonly models?: readonly string[];
  /** Refuses longer prompts with `context_length_exceeded`; four characters count as a token. @default no limit */
  readonly contextWindow?: number;
}

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

export interface FaultOptions {
  /** How many requests it befalls; `Infinity` for all. @default 1 */
  readonly times?: number;
  /** Only requests for this model. @default all */
  readonly model?: string;
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
 * A server on the loopback interface that speaks OpenAI's Chat Completions: `POST /v1/chat/completions`, plain and
 * streamed, and `GET /v1/models`. It refuses what the vendor refuses and misbehaves on command. It is a stand-in and not
 * a language model; by default its answers only quote their prompt and name `stand-in-quoting` as their model.
 *
 * @example
 * const server = await startOpenAI({ answer: () => 'Hello.' });
 * server.setFault('rate-limit');
 * await server.close();
 */
export async function startOpenAI(options: OpenAIServerOptions = {}): Promise<OpenAIServer> {
  const requests: RecordedRequest[] = [];
  let faults: { readonly fault: OpenAIFault; readonly model: string | undefined; times: number }[] = [];
  const held = new Set<() => void>();
  let onHeld: (() => void)[] = [];
  let open = 0;

  const hold = async (gone: Promise<void>) => {
    let release = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    held.add(release);
    for (const resolve of onHeld.splice(0)) resolve();
    await Promise.race([released, gone]);
    held.delete(release);
  };

  const takeFault = (model: string): OpenAIFault | undefined => {
    const found = faults.find((candidate) => candidate.model === undefined || candidate.model === model);
    if (found) found.times -= 1;
    faults = faults.filter(({ times }) => times > 0);
    return found?.fault;
  };

  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    open += 1;
    response.once('close', () => {
      open -= 1;
    });
    const { promise: closedByClient, resolve: settle } = Promise.withResolvers<boolean>();
    const body = await readBody(request);
    const call = toCall(request, body);
    const rejected = refuse(call, options);
    const fault = call.isChat ? takeFault(call.model) : undefined;
    requests.push({
      method: call.method,
      path: call.path,
      headers: request.headers,
      body,
      ...(rejected && { rejected }),
      ...(fault && { fault }),
      closedByClient,
    });
    setVendorHeaders(response, requests.length);
    const plan = await planAnswer(call, rejected, fault, options, requests.length);
    settle(!(await performPlan(plan, response, hold)));
  };

  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  return Object.freeze({
    url: `http://127.0.0.1:${port}/v1`,
    requests,
    setFault(fault: OpenAIFault, { times = 1, model }: FaultOptions = {}) {
      faults.push({ fault, model, times });
    },
    clearFaults() {
      faults = [];
    },
    whenHeld: () =>
      held.size > 0 ? Promise.resolve() : new Promise<void>((resolve) => onHeld.push(resolve)),
    release() {
      for (const release of held) release();
    },
    openConnections: () => open,
    async close() {
      onHeld = [];
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  });
}

/** A request, as far as it could be read. */
interface Call {
  readonly method: string;
  readonly path: string;
  readonly key: string;
  readonly isChat: boolean;
  readonly model: string;
  readonly body: unknown;
}

function toCall(request: IncomingMessage, body: unknown): Call {
  const { method = 'GET', url = '/', headers } = request;
  const path = new URL(url, 'http://loopback').pathname;
  const model =
    typeof body === 'object' && body !== null && 'model' in body && typeof body.model === 'string'
      ? body.model
      : '';
  return {
    method,
    path,
    key: (headers.authorization ?? '').replace(/^Bearer /, ''),
    isChat: path === '/v1/chat/completions',
    model,
    body,
  };
}

function refuse(call: Call, { apiKey, models, contextWindow }: OpenAIServerOptions): VendorError | undefined {
  const { method, path, key, body } = call;
  const isModels = path === '/v1/models';
  if (!call.isChat && !isModels)
    return vendorError(404, `Invalid URL (${method} ${path})`, 'invalid_request_error');
  if (method !== (isModels ? 'GET' : 'POST'))
    return vendorError(
      405,
      `Not allowed to ${method} on ${path}`,
      'invalid_request_error',
      'method_not_supported',
    );
  if (apiKey !== undefined && key !== apiKey) {
    return key === ''
      ? vendorError(
          401,
          "You didn't provide an API key. Provide it in an Authorization header using Bearer auth.",
          'invalid_request_error',
        )
      : vendorError(
          401,
          `Incorrect API key provided: ${mask(key)}.`,
          'invalid_request_error',
          'invalid_api_key',
        );
  }
  if (isModels) return undefined;
  if (typeof body === 'string')
    return invalidRequest('We could not parse the JSON body of your request.', null, null);
  const refused = judgeChatRequest(body, contextWindow === undefined ? {} : { contextWindow });
  if (refused) return refused;
  if (models && !models.includes(call.model)) {
    return vendorError(
      404,
      `The model \`${call.model}\` does not exist or you do not have access to it.`,
      'invalid_request_error',
      'model_not_found',
    );
  }
  return undefined;
}

async function planAnswer(
  call: Call,
  rejected: VendorError | undefined,
  fault: OpenAIFault | undefined,
  options: OpenAIServerOptions,
  count: number,
): Promise<Plan> {
  if (!call.isChat && !rejected) return bodyPlan(200, jsonType, JSON.stringify(listModels(options.models)));
  if (rejected && !fault) return errorPlan(rejected);
  const body = call.body as ChatBody;
  const envelope: Envelope = {
    id: `chatcmpl-${String(count).padStart(12, '0')}`,
    created: Math.floor(Date.now() / 1000),
    model: options.answer ? call.model : quotingModelId,
  };
  const plan = (answer: OpenAIAnswer): Plan =>
    body.stream
      ? { status: 200, headers: streamType, steps: toStreamFrames(answer, body, envelope) }
      : {
          status: 200,
          headers: jsonType,
          steps: toBodyFrames(JSON.stringify(toCompletion(answer, body, envelope))),
        };
  try {
    const given = rejected ? '' : await (options.answer ?? defaultAnswer)(body);
    const answer = typeof given === 'string' ? { text: given } : given;
    return fault ? planFault(fault, { body, answer, key: call.key, plan }) : plan(answer);
  } catch (error) {
    return errorPlan(
      vendorError(500, `The answer function of the loopback server threw: ${String(error)}`, 'server_error'),
    );
  }
}

function listModels(models: readonly string[] = [quotingModelId]) {
  return {
    object: 'list',
    data: models.map((id) => ({
      id,
      object: 'model',
      created: 1_767_225_600,
      owned_by: 'loopback-stand-in',
    })),
  };
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

/** JSON where it is JSON, else the text. */
async function readBody(request: IncomingMessage): Promise<unknown> {
  let text = '';
  request.setEncoding('utf8');
  for await (const chunk of request) text += chunk;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/** As the vendor shows keys: the beginning and the end. */
function mask(key: string): string {
  return key.length < 16 ? '****' : `${key.slice(0, 8)}****${key.slice(-4)}`;
}
