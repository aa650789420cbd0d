import type { IncomingMessage } from 'node:http';
import { readBody } from '../loopback/read-body.js';
import { type EmbeddingsBody, judgeEmbeddings } from './embeddings.js';
import { unknownModel } from './faults.js';
import { embeddingShape } from './judge/body-shape.js';
import { judgeMistralRequest } from './judge/judge-mistral-request.js';
import { invalidBody, type MistralRefusal } from './refusal.js';
import type { MistralServerOptions } from './server-options.js';

/** A request, as far as it could be read. */
export interface Call {
  readonly method: string;
  readonly path: string;
  readonly key: string;
  readonly kind: 'chat' | 'embeddings' | 'models' | 'unknown';
  readonly model: string;
  readonly body: unknown;
}

const kinds: Readonly<Record<string, Call['kind']>> = {
  '/v1/chat/completions': 'chat',
  '/v1/embeddings': 'embeddings',
  '/v1/models': 'models',
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
  const key = (headers.authorization ?? '').replace(/^Bearer /, '');
  return { method, path, key, kind: kinds[path] ?? 'unknown', model, body };
}

/** What the vendor would answer to a call that it refuses. */
export function refuse(
  call: Call,
  { apiKey, models, contextWindow }: MistralServerOptions,
): MistralRefusal | undefined {
  const { method, kind, key, body } = call;
  if (kind === 'unknown')
    return { status: 404, body: { message: 'no Route matched with those values', request_id: 'loopback' } };
  if (method !== (kind === 'models' ? 'GET' : 'POST'))
    return { status: 405, body: { detail: 'Method Not Allowed' } };
  if (apiKey !== undefined && key !== apiKey) return { status: 401, body: { detail: 'Unauthorized' } };
  if (kind === 'models') return undefined;
  if (typeof body === 'string') return invalidBody([0], 'json_invalid', 'JSON decode error');
  const refused =
    kind === 'chat'
      ? judgeMistralRequest(body, contextWindow === undefined ? {} : { contextWindow })
      : (embeddingShape(body, []) ?? judgeEmbeddings(body as EmbeddingsBody));
  if (refused) return refused;
  return models && !models.includes(call.model) ? unknownModel(call.model) : undefined;
}
