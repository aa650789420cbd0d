import { type CallOptions, type ChatRequest, guardCall, systemClock } from '@loci/core';
import { malformed } from './failures.js';
import { isObject } from './is-object.js';
import { mapError } from './map-error.js';
import { createOpener } from './open-client.js';
import { createScrub } from './scrub.js';
import { type AnthropicSettings, checkSettings, defaultTimeouts } from './settings.js';
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
  const { provider = 'anthropic', clock = systemClock } = settings;
  const guard = guardCall(options, { ...defaultTimeouts, ...settings.timeouts }, clock);
  let scrub = createScrub(Object.values(settings.headers ?? {}));
  try {
    const call = await createOpener(settings)(guard.signal);
    scrub = call.scrub;
    const { body } = toAnthropicRequest(request, {
      ...settings,
      modelId,
      traits: traitsOf(modelId, settings.traits),
    });
    const prompt = Object.fromEntries(
      counted.flatMap((name) => (body[name] === undefined ? [] : [[name, body[name]]])),
    );
    const { data } = await call.post<unknown>('/v1/messages/count_tokens', prompt);
    const tokens = isObject(data) ? data['input_tokens'] : undefined;
    if (typeof tokens !== 'number') throw malformed('it states no number of tokens');
    return tokens;
  } catch (error) {
    throw guard.failure ?? mapError(error, { scrub, clock, provider });
  } finally {
    guard.close();
  }
}
