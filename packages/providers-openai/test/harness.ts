import { inspect } from 'node:util';
import { createMessage, ModelError } from '@loci/core';
import { type OpenAIServer, type OpenAIServerOptions, startOpenAI } from '@loci/testing/openai';
import { afterEach } from 'vitest';
import { openai } from '../src/openai.js';
import type { OpenAISettings } from '../src/settings.js';

export const key = 'sk-test-key-0123456789';
const servers: OpenAIServer[] = [];

/** A server that is closed after the test. */
export async function start(options?: OpenAIServerOptions): Promise<OpenAIServer> {
  const server = await startOpenAI(options);
  servers.push(server);
  return server;
}

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

export function connect(
  server: Pick<OpenAIServer, 'url'>,
  settings: OpenAISettings = {},
  modelId = 'gpt-4o',
) {
  return openai(modelId, { baseUrl: server.url, apiKey: key, ...settings });
}

/** Both APIs, each with a model that `auto` would choose it for, and how to connect to it. */
export const apis = (
  [
    ['chat', 'gpt-4o'],
    ['responses', 'gpt-5.4'],
  ] as const
).map(([api, modelId]) => ({
  api,
  connect: (server: Pick<OpenAIServer, 'url'>, settings: OpenAISettings = {}) =>
    connect(server, { api, ...settings }, modelId),
}));

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
