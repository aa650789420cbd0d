import { inspect } from 'node:util';
import { createMessage, ModelError } from '@loci/core';
import {
  type AnthropicServer,
  type AnthropicServerOptions,
  type MessagesBody,
  startAnthropic,
  type WireBlock,
} from '@loci/testing/anthropic';
import { afterEach } from 'vitest';
import { anthropic } from '../src/anthropic.js';
import type { AnthropicSettings } from '../src/settings.js';

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

export function connect(
  server: AnthropicServer,
  settings: AnthropicSettings = {},
  modelId = 'claude-opus-5',
) {
  return anthropic(modelId, { baseUrl: server.url, apiKey: key, ...settings });
}

/** A request of user messages. */
export function ask(...texts: string[]) {
  return { messages: texts.map((content) => createMessage({ role: 'user', content })) };
}

/** Everything that a log or a debugger could show of a value. */
export function everything(value: unknown): string {
  const shown = inspect(value, { depth: Number.POSITIVE_INFINITY, showHidden: true, maxStringLength: null });
  return `${shown} ${value instanceof Error ? value.stack : ''} ${JSON.stringify(value)}`;
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
  return server.requests[index]?.body as MessagesBody;
}

/** The blocks of a message of a recorded request. */
export function blocksOf(body: MessagesBody, index: number): readonly WireBlock[] {
  const content = body.messages.at(index)?.content ?? [];
  return typeof content === 'string' ? [{ type: 'text', text: content }] : content;
}
