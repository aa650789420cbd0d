import { inspect } from 'node:util';
import { createMessage, ModelError } from '@loci/core';
import { type MistralServer, type MistralServerOptions, startMistral } from '@loci/testing/mistral';
import { afterEach } from 'vitest';
import { mistral } from '../src/mistral.js';
import type { MistralSettings } from '../src/settings.js';

export const key = 'test-key-0123456789';
const servers: MistralServer[] = [];

/** A server that is closed after the test. */
export async function start(options?: MistralServerOptions): Promise<MistralServer> {
  const server = await startMistral(options);
  servers.push(server);
  return server;
}

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

export function connect(
  server: MistralServer,
  settings: MistralSettings = {},
  modelId = 'mistral-medium-3-5',
) {
  return mistral(modelId, { baseUrl: server.url, apiKey: key, ...settings });
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
