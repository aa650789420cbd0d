import { createAnthropic } from '@ai-sdk/anthropic';
import { createMessage, ModelError } from '@loci/core';
import {
  type AnthropicServer,
  type AnthropicServerOptions,
  type MessagesBody,
  startAnthropic,
  type WireBlock,
} from '@loci/testing/anthropic';
import { afterEach } from 'vitest';
import { fromAiSdk } from '../src/from-ai-sdk.js';
import type { FromAiSdkSettings } from '../src/settings.js';

export const key = 'sk-ant-test-key-0123456789';
const servers: AnthropicServer[] = [];

/** A server that is closed after the test. */
export async function start(options?: AnthropicServerOptions): Promise<AnthropicServer> {
  const server = await startAnthropic(options);
  servers.push(server);
  return server;
}

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

/** The AI SDK's own model before the server. */
export function sdkModel({ url }: { readonly url: string }, modelId = 'claude-opus-5', apiKey = key) {
  return createAnthropic({ baseURL: `${url}/v1`, apiKey })(modelId);
}

export function connect(server: AnthropicServer, settings: FromAiSdkSettings = {}, modelId?: string) {
  return fromAiSdk(sdkModel(server, modelId), settings);
}

/** A request of user messages. */
export function ask(...texts: string[]) {
  return { messages: texts.map((content) => createMessage({ role: 'user', content })) };
}

/** The `ModelError` that the promise rejects with. */
export async function failureOf(promise: Promise<unknown>): Promise<ModelError> {
  const outcome: unknown = await promise.then(
    () => 'a success',
    (error: unknown) => error,
  );
  if (!ModelError.isInstance(outcome)) throw new Error('Expected a ModelError.', { cause: outcome });
  return outcome;
}

/** The body of a recorded request. */
export function bodyOf(server: AnthropicServer, index = 0): MessagesBody {
  return server.requests.at(index)?.body as MessagesBody;
}

/** The blocks of a message of a recorded request. */
export function blocksOf(body: MessagesBody, index: number): readonly WireBlock[] {
  const content = body.messages.at(index)?.content ?? [];
  return typeof content === 'string' ? [{ type: 'text', text: content }] : content;
}
