import type { IncomingMessage } from 'node:http';
import { maskKey, readBody } from '../loopback/read-body.js';
import { judgeEmbeddings } from './embeddings.js';
import { judgeInputTokens } from './input-tokens.js';
import { type JudgeOptions, judgeChatRequest } from './judge/judge-chat-request.js';
import { judgeResponsesRequest } from './responses/judge-responses-request.js';
import type { OpenAIServerOptions } from './server-options.js';
import { invalidRequest, type VendorError, vendorError } from './vendor-error.js';

/** The two dialects of the vendor. */
export type Api = 'chat' | 'responses';
/** Beside the two: what gives no answer of a model. */
type Side = 'embeddings' | 'input-tokens';

/** A request, as far as it could be read. */
export interface Call {
  readonly method: string;
  readonly path: string;
  readonly key: string;
  /** Absent for what is no request for an answer. */
  readonly api: Api | undefined;
  readonly side: Side | undefined;
  readonly model: string;
  readonly body: unknown;
}

const apis: Readonly<Record<string, Api>> = {
  '/v1/chat/completions': 'chat',
  '/v1/responses': 'responses',
};

const sides: Readonly<Record<string, Side>> = {
  '/v1/embeddings': 'embeddings',
  '/v1/responses/input_tokens': 'input-tokens',
};

/** Reads a request to its end. */
export async function readCall(request: IncomingMessage): Promise<Call> {
  const body = await readBody(request);
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
    api: apis[path],
    side: sides[path],
    model,
    body,
  };
}

/** What the vendor would answer to a call that it refuses. */
export function refuse(
  call: Call,
  { apiKey, models, contextWindow }: OpenAIServerOptions,
): VendorError | undefined {
  const { method, path, key, body } = call;
  const isModels = path === '/v1/models';
  if (!call.api && !call.side && !isModels)
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
          `Incorrect API key provided: ${maskKey(key)}.`,
          'invalid_request_error',
          'invalid_api_key',
        );
  }
  if (isModels) return undefined;
  if (typeof body === 'string')
    return invalidRequest('We could not parse the JSON body of your request.', null, null);
  const refused = judgeBody(call, contextWindow === undefined ? {} : { contextWindow });
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

function judgeBody({ api, side, body }: Call, limits: JudgeOptions): VendorError | undefined {
  if (side) return side === 'embeddings' ? judgeEmbeddings(body) : judgeInputTokens(body);
  return api === 'chat' ? judgeChatRequest(body, limits) : judgeResponsesRequest(body, limits);
}
