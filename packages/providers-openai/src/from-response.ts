import type { ChatEvent, ChatResponse } from '@loci/core';
import { isObject, malformed } from '@loci/core/provider';
import { createAnswerBuilder } from './build-answer.js';
import { cutOff, failedInside } from './ends.js';
import type { AnswerContext } from './finish-answer.js';
import { mapError } from './map-error.js';
import { mapUsage } from './map-usage.js';

/** An answer that came whole, with the deltas that a stream of it would have had. */
export interface WholeAnswer {
  readonly deltas: readonly ChatEvent[];
  readonly response: ChatResponse;
}

/**
 * The response in a plain (not streamed) chat completion, as the vendor's own client returns it. Throws `ModelError`
 * where it is none: a page of HTML, which that client returns as a string, an empty body, a choice without an end.
 *
 * @example
 * const completion = await client.chat.completions.create({ model: 'gpt-4o', messages });
 * const response = fromOpenAIResponse(completion, { modelId: 'gpt-4o' });
 */
export function fromOpenAIResponse(completion: unknown, context: AnswerContext): ChatResponse {
  const id = isObject(completion) ? completion['_request_id'] : undefined;
  const named = context.requestId === undefined && typeof id === 'string' ? { requestId: id } : {};
  const told = { ...context, ...named };
  try {
    return readCompletion(completion, told).response;
  } catch (error) {
    throw mapError(error, told);
  }
}

export function readCompletion(completion: unknown, context: AnswerContext): WholeAnswer {
  if (!isObject(completion))
    throw malformed(`it is ${completion === undefined || completion === '' ? 'empty' : 'no JSON object'}`);
  const choice = Array.isArray(completion['choices']) ? (completion['choices'][0] as unknown) : undefined;
  if (!isObject(choice) || !isObject(choice['message'])) throw malformed('it has no choice with a message');
  const finishReason = choice['finish_reason'];
  if (typeof finishReason !== 'string') throw cutOff();
  if (finishReason === 'error') throw failedInside();
  const builder = createAnswerBuilder(context);
  const deltas = builder.add(choice['message']);
  return { deltas, response: builder.finish(finishReason, mapUsage(completion['usage'])) };
}
