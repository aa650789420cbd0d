import type { CallOptions, ChatRequest } from '@loci/core';
import { createCaller, isObject, malformed } from '@loci/core/provider';
import { connect, post } from './connect.js';
import { type AnthropicSettings, checkSettings } from './settings.js';
import { toAnthropicRequest } from './to-request.js';
import { traitsOf } from './traits.js';

/** What the vendor's endpoint for counting takes of a call. */
const counted = ['model', 'messages', 'system', 'tools', 'tool_choice', 'thinking', 'output_config'] as const;

/**
 * The tokens of a request as the vendor counts them for a model, tools and system messages included: one request to its
 * counting endpoint, which costs nothing. Throws `ModelError` as the model itself does.
 *
 * @example
 * const tokens = await countTokens('claude-opus-5', { messages });
 */
export async function countTokens(
  modelId: string,
  request: ChatRequest,
  settings: AnthropicSettings = {},
  options: CallOptions = {},
): Promise<number> {
  checkSettings(modelId, settings);
  const { guard, ready, explain } = createCaller(connect(settings))(options);
  try {
    const call = await ready();
    const traits = traitsOf(modelId, settings.traits);
    const { body } = toAnthropicRequest(request, { ...settings, modelId, traits });
    const prompt = Object.fromEntries(
      counted.flatMap((name) => (body[name] === undefined ? [] : [[name, body[name]]])),
    );
    const { data } = await post<unknown>('/v1/messages/count_tokens', prompt, call, settings);
    const tokens = isObject(data) ? data['input_tokens'] : undefined;
    if (typeof tokens !== 'number') throw malformed('it states no number of tokens');
    return tokens;
  } catch (error) {
    throw explain(error);
  } finally {
    guard.close();
  }
}
