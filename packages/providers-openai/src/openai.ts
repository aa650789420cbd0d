import type { ChatModel } from '@loci/core';
import { defineProvider, type Endpoint, isObject, toAnswer, toRateLimits } from '@loci/core/provider';
import type { OpenAI } from 'openai';
import { chooseApi } from './apis.js';
import { said } from './from-responses.js';
import { mapError } from './map-error.js';
import { checkSettings, type OpenAISettings, vendor } from './settings.js';
import { toOrigin } from './to-responses-request.js';
import { traitsOf } from './traits.js';

// The client's own clock starts a timer with it, so it must fit in 31 bits; the guard's clocks are the ones that count.
const longestTimeoutMs = 2 ** 31 - 1;

/**
 * A chat model of OpenAI, or of any server that speaks Chat Completions or Responses. Does no I/O; the vendor's SDK is loaded and the
 * environment is read when the model is first called. Throws `InvalidInputError` for settings that are none.
 *
 * @example
 * const model = openai('gpt-5.4-mini');
 * const local = openai('llama3.3', { baseUrl: 'http://localhost:11434/v1', provider: 'ollama' });
 */
export function openai(modelId: string, settings: OpenAISettings = {}): ChatModel {
  checkSettings(modelId, settings);
  const traits = traitsOf(modelId, settings.traits);
  return defineProvider({
    vendor,
    modelId,
    settings,
    traits,
    open: (endpoint) => createClient(endpoint, settings),
    mapError,
    async send(request, call) {
      const { client, endpoint, key, signal, facts } = call;
      const api = chooseApi(modelId, endpoint.isVendor, settings.api);
      const options = { ...settings, modelId, traits, cacheKey: settings.cacheKey ?? endpoint.isVendor };
      const { warnings, toolNames, send } = api.prepare(request, options);
      const sent = await send(client, {
        signal,
        headers: { ...(key !== undefined && { Authorization: `Bearer ${key}` }), ...settings.headers },
      });
      const context = () => ({ ...facts, modelId, warnings, toolNames, origin: toOrigin(options) });
      return toAnswer(sent, call, {
        requestIdHeader: 'x-request-id',
        reader: (headers) => api.createReader({ ...context(), notes: toRateLimits(headers) }),
        whole(answer, headers) {
          // A response of the Responses API says `error: null`, or has a status that says more.
          if (isObject(answer) && answer['error'] && answer['status'] === undefined)
            throw said(answer['error'], headers);
          return api.read(answer, context());
        },
      });
    },
  });
}

async function createClient({ baseUrl }: Endpoint, settings: OpenAISettings): Promise<OpenAI> {
  const { OpenAI } = await import('openai');
  return new OpenAI({
    baseURL: baseUrl,
    // The key rides on each call. This one satisfies the constructor and is taken off again, so that none is sent without a key.
    apiKey: 'unused',
    defaultHeaders: { Authorization: null },
    adminAPIKey: null,
    organization: settings.organization ?? null,
    project: settings.project ?? null,
    webhookSecret: null,
    // Anything but a whole number from 0 would silently mean 2.
    maxRetries: 0,
    timeout: longestTimeoutMs,
    logLevel: 'off',
    // The key is the caller's business, also in a browser.
    dangerouslyAllowBrowser: true,
    ...(settings.fetch && { fetch: settings.fetch }),
  });
}
