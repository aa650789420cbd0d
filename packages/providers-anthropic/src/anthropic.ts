import type { ChatModel } from '@loci/core';
import { defineProvider, isObject, type Sent, toAnswer, toRateLimits } from '@loci/core/provider';
import { connect, post } from './connect.js';
import { readMessage } from './from-response.js';
import { createMessageReader } from './from-stream.js';
import { type AnthropicSettings, checkSettings } from './settings.js';
import { toAnthropicRequest } from './to-request.js';
import { traitsOf } from './traits.js';

const rateLimitPrefix = 'anthropic-ratelimit-';

/**
 * A chat model of Anthropic, or of any server that speaks Messages. Does no I/O; the vendor's SDK is loaded and the
 * environment is read when the model is first called. Throws `InvalidInputError` for settings that are none.
 *
 * @example
 * const model = anthropic('claude-opus-5');
 * const proxied = anthropic('claude-opus-5', { baseUrl: 'https://proxy.example', apiKey: () => fetchKey() });
 */
export function anthropic(modelId: string, settings: AnthropicSettings = {}): ChatModel {
  checkSettings(modelId, settings);
  const traits = traitsOf(modelId, settings.traits);
  return defineProvider({
    ...connect(settings),
    modelId,
    traits,
    async send(request, call) {
      const { body, warnings, toolNames } = toAnthropicRequest(request, { ...settings, modelId, traits });
      const sent = await post<Sent['data']>('/v1/messages', body, call, settings);
      const context = (headers: Headers) => ({
        ...call.facts,
        modelId,
        warnings,
        toolNames,
        notes: toRateLimits(headers, rateLimitPrefix),
      });
      return toAnswer(sent, call, {
        requestIdHeader: 'request-id',
        reader: (headers) => createMessageReader(context(headers)),
        whole(message, headers) {
          if (isObject(message) && message['error'])
            throw Object.assign(new Error('The vendor answered 200 with an error.'), {
              error: message,
              headers,
            });
          return readMessage(message, context(headers));
        },
      });
    },
  });
}
