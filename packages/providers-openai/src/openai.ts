import type { ChatModel } from '@loci/core';
import { defineProvider, isObject, toAnswer, toRateLimits } from '@loci/core/provider';
import { chooseApi } from './apis.js';
import { loadClients, toCallOptions } from './create-client.js';
import { said } from './from-responses.js';
import { mapError } from './map-error.js';
import { checkSettings, type OpenAISettings, vendor } from './settings.js';
import { toOrigin } from './to-responses-request.js';
import { traitsOf } from './traits.js';

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
    open: (endpoint) => loadClients(endpoint, settings),
    mapError,
    async send(request, call) {
      const { client, endpoint, key, facts } = call;
      const api = chooseApi(modelId, endpoint.isVendor, settings.api);
      const options = { ...settings, modelId, traits, cacheKey: settings.cacheKey ?? endpoint.isVendor };
      const { warnings, toolNames, send } = api.prepare(request, options);
      const sent = await send(client(key), toCallOptions(call));
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
