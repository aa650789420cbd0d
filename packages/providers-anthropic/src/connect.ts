import type { Anthropic } from '@anthropic-ai/sdk';
import { type Connector, carrySignal, type ProviderCall, withSignals } from '@loci/core/provider';
import { mapError } from './map-error.js';
import { type AnthropicSettings, vendor } from './settings.js';

// The client's own clock starts a timer with it, so it must fit in 31 bits; the guard's clocks are the ones that count.
const longestTimeoutMs = 2 ** 31 - 1;

/** The way to Anthropic, or to a server that speaks Messages. */
export function connect(settings: AnthropicSettings): Connector<Anthropic> {
  return {
    vendor,
    settings,
    mapError,
    async open({ baseUrl }) {
      const { Anthropic } = await import('@anthropic-ai/sdk');
      return new Anthropic({
        // As the client wants it: without `/v1`.
        baseURL: baseUrl.replace(/(?:\/v1)?\/*$/, ''),
        // The key rides on each call. This one satisfies the constructor, which would look for profiles and tokens without
        // one, and is taken off again, so that none is sent without a key.
        apiKey: 'unused',
        defaultHeaders: { Authorization: null },
        webhookKey: null,
        maxRetries: 0,
        timeout: longestTimeoutMs,
        logLevel: 'off',
        // Spans of calls are the caller's business, and a second one would count each call twice.
        openTelemetry: false,
        // Elsewhere it would send a header that some organisations refuse.
        dangerouslyAllowBrowser: 'document' in globalThis,
        fetch: withSignals(settings.fetch),
      });
    },
  };
}

/** Sends one body to one path. Not `messages.create`, which writes to the console about models and thinking that it holds for outdated. */
export function post<T>(
  path: string,
  body: object,
  { client, key, signal }: ProviderCall<Anthropic>,
  { headers }: AnthropicSettings,
): Promise<{ readonly data: T; readonly response: Response }> {
  return client
    .post<T>(path, {
      body,
      stream: 'stream' in body,
      fetchOptions: carrySignal(signal),
      headers: { ...(key !== undefined && { Authorization: `Bearer ${key}` }), ...headers },
    })
    .withResponse();
}
