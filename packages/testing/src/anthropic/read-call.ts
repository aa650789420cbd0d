import type { IncomingMessage } from 'node:http';
import { maskKey, readBody } from '../loopback/read-body.js';
import { judgeMessagesRequest } from './judge/judge-messages-request.js';
import type { AnthropicServerOptions } from './server-options.js';
import { type AnthropicError, anthropicError, invalidRequest } from './vendor-error.js';

type Endpoint = 'messages' | 'count_tokens' | 'models';

/** A request, as far as it could be read. */
export interface Call {
  readonly method: string;
  readonly path: string;
  readonly key: string;
  readonly version: string | undefined;
  readonly endpoint: Endpoint | undefined;
  readonly model: string;
  readonly body: unknown;
}

const endpoints: Readonly<Record<string, Endpoint>> = {
  '/v1/messages': 'messages',
  '/v1/messages/count_tokens': 'count_tokens',
  '/v1/models': 'models',
};

/** Reads a request to its end. */
export async function readCall(request: IncomingMessage): Promise<Call> {
  const body = await readBody(request);
  const { method = 'GET', url = '/', headers } = request;
  const path = new URL(url, 'http://loopback').pathname;
  const version = headers['anthropic-version'];
  const named =
    typeof body === 'object' && body !== null && 'model' in body && typeof body.model === 'string';
  return {
    method,
    path,
    key: headers.authorization?.replace(/^Bearer /, '') ?? String(headers['x-api-key'] ?? ''),
    version: Array.isArray(version) ? version[0] : version,
    endpoint: endpoints[path],
    model: named ? String(body.model) : '',
    body,
  };
}

/** What the vendor would answer to a call that it refuses. */
export function refuse(
  call: Call,
  { apiKey, models, contextWindow }: AnthropicServerOptions,
): AnthropicError | undefined {
  const { method, path, key, body, endpoint } = call;
  if (!endpoint) return anthropicError(404, 'not_found_error', `Not found: ${path}`);
  if (method !== (endpoint === 'models' ? 'GET' : 'POST'))
    return anthropicError(405, 'invalid_request_error', 'Method Not Allowed');
  if (apiKey !== undefined && key !== apiKey) {
    const message = key === '' ? 'an API key is required' : `invalid API key: ${maskKey(key)}`;
    return anthropicError(401, 'authentication_error', message);
  }
  if (call.version === undefined) return invalidRequest('anthropic-version: header is required');
  if (endpoint === 'models') return undefined;
  if (typeof body === 'string') return invalidRequest('The request body is not valid JSON');
  const refused = judgeMessagesRequest(body, {
    endpoint,
    ...(contextWindow !== undefined && { contextWindow }),
  });
  if (refused) return refused;
  return models && !models.includes(call.model)
    ? anthropicError(404, 'not_found_error', `model: ${call.model}`)
    : undefined;
}
