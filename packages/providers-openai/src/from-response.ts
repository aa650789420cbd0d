import { type ChatEvent, type ChatResponse, ModelError } from '@loci/core';
import { createAnswerBuilder } from './build-answer.js';
import { malformed, truncated } from './failures.js';
import type { AnswerContext } from './finish-answer.js';
import { isObject } from './is-object.js';
import { mapUsage } from './map-usage.js';

/**
 * The response in a plain (not streamed) chat completion, as the vendor's own client returns it. Throws `ModelError`
 * where it is none: a page of HTML, which that client returns as a string, an empty body, a choice without an end.
 *
 * @example
 * const completion = await client.chat.completions.create({ model: 'gpt-4o', messages });
 * const response = fromOpenAIResponse(completion, { modelId: 'gpt-4o' });
 */
export function fromOpenAIResponse(completion: unknown, context: AnswerContext): ChatResponse {
  return readCompletion(completion, context).response;
}

/** The response together with the deltas that a stream of it would have had. */
export function readCompletion(
  completion: unknown,
  context: AnswerContext,
): { readonly events: ChatEvent[]; readonly response: ChatResponse } {
  const requestId = context.requestId ?? requestIdOf(completion);
  if (!isObject(completion))
    throw malformed(
      `it is ${completion === undefined || completion === '' ? 'empty' : 'no JSON object'}`,
      requestId,
    );
  const choice = Array.isArray(completion['choices']) ? (completion['choices'][0] as unknown) : undefined;
  if (!isObject(choice) || !isObject(choice['message']))
    throw malformed('it has no choice with a message', requestId);
  if (typeof choice['finish_reason'] !== 'string') throw truncated(requestId);
  if (choice['finish_reason'] === 'error') throw failedInside(requestId);
  const builder = createAnswerBuilder({ ...context, ...(requestId !== undefined && { requestId }) });
  const events = builder.add(choice['message']);
  return { events, response: builder.finish(choice['finish_reason'], mapUsage(completion['usage'])) };
}

/** `finish_reason: "error"`, by which compatible gateways report a failure of the model behind them. */
export function failedInside(requestId: string | undefined): ModelError {
  return new ModelError('The vendor ended the answer with an error.', {
    kind: 'server',
    scope: 'model',
    retry: 'other',
    ...(requestId !== undefined && { requestId }),
  });
}

function requestIdOf(completion: unknown): string | undefined {
  const id = isObject(completion) ? completion['_request_id'] : undefined;
  return typeof id === 'string' ? id : undefined;
}
