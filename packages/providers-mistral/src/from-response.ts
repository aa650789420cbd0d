import type { ChatEvent, ChatResponse } from '@loci/core';
import { isObject, malformed } from '@loci/core/provider';
import { type AnswerContext, createAnswerBuilder } from './build-answer.js';
import { cutOff, failedInside } from './ends.js';
import { mapUsage } from './map-usage.js';
import { pick } from './read.js';

/**
 * The response in a plain (not streamed) chat completion, as the vendor's own client returns it or as it is on the wire.
 * Throws `ModelError` where it is none: no object, a choice without an end, an answer that ended with an error.
 *
 * @example
 * const completion = await client.chat.complete({ model: 'mistral-large-2512', messages });
 * const response = fromMistralResponse(completion, { modelId: 'mistral-large-2512' });
 */
export function fromMistralResponse(completion: unknown, context: AnswerContext): ChatResponse {
  return readCompletion(completion, context).response;
}

/** The response together with the deltas that a stream of it would have had. */
export function readCompletion(
  completion: unknown,
  context: AnswerContext,
): { readonly deltas: readonly ChatEvent[]; readonly response: ChatResponse } {
  if (!isObject(completion)) throw malformed('it is no JSON object');
  const choice: unknown = Array.isArray(completion['choices']) ? completion['choices'][0] : undefined;
  if (!isObject(choice) || !isObject(choice['message'])) throw malformed('it has no choice with a message');
  const finishReason = pick(choice, 'finishReason', 'finish_reason');
  if (typeof finishReason !== 'string') throw cutOff();
  if (finishReason === 'error') throw failedInside();
  const builder = createAnswerBuilder(context);
  const deltas = builder.add(choice['message']);
  return { deltas, response: builder.finish(finishReason, mapUsage(completion['usage'])) };
}
