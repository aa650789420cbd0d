import type { CallOptions, ChatRequest } from '@loci/core';
import { createCaller, malformed } from '@loci/core/provider';
import { loadClients, toCallOptions } from './create-client.js';
import { mapError } from './map-error.js';
import { readWhole } from './read-whole.js';
import { checkSettings, type OpenAISettings, vendor } from './settings.js';
import { toOpenAIResponsesRequest } from './to-responses-request.js';
import { traitsOf } from './traits.js';

/** What the vendor's endpoint for counting takes of a call. */
const counted = ['model', 'input', 'tools', 'tool_choice', 'reasoning', 'text'] as const;

/**
 * The tokens of a request as the vendor counts them for a model over its Responses API, tools and system messages included:
 * one request to its counting endpoint. Throws `ModelError` as the model itself does.
 *
 * @example
 * const tokens = await countTokens('gpt-5.4', { messages });
 */
export async function countTokens(
  modelId: string,
  request: ChatRequest,
  settings: OpenAISettings = {},
  options: CallOptions = {},
): Promise<number> {
  checkSettings(modelId, settings);
  const open = createCaller({
    vendor,
    settings,
    open: (endpoint) => loadClients(endpoint, settings),
    mapError,
  });
  const { guard, ready, explain } = open(options);
  try {
    const call = await ready();
    const traits = traitsOf(modelId, settings.traits);
    const { body } = toOpenAIResponsesRequest(request, {
      ...settings,
      modelId,
      traits,
      provider: call.facts.provider,
    });
    const prompt = Object.fromEntries(
      counted.flatMap((name) => (body[name] === undefined ? [] : [[name, body[name]]])),
    );
    const sent = call.client(call.key).responses.inputTokens.count(prompt, toCallOptions(call));
    const { input_tokens: tokens } = await readWhole(sent, call);
    if (typeof tokens !== 'number') throw malformed('it states no number of tokens');
    return tokens;
  } catch (error) {
    throw explain(error);
  } finally {
    guard.close();
  }
}
