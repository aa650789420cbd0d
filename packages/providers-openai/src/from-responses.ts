import type { ChatEvent, ChatResponse } from '@loci/core';
import { createResponsesBuilder } from './build-responses-answer.js';
import { malformed, truncated } from './failures.js';
import type { AnswerContext } from './finish-answer.js';
import { isObject } from './is-object.js';
import { mapError } from './map-error.js';

/**
 * The answer in a plain (not streamed) response of the Responses API, as the vendor's own client returns it. Throws
 * `ModelError` where it is none: a page, an empty body, a response that failed or is not finished.
 *
 * @example
 * const response = await client.responses.create({ model: 'gpt-5.4', input: 'Hi.', store: false });
 * const answer = fromOpenAIResponses(response, { modelId: 'gpt-5.4' });
 */
export function fromOpenAIResponses(response: unknown, context: AnswerContext): ChatResponse {
  try {
    return readResponses(response, context).response;
  } catch (error) {
    throw mapError(error, context);
  }
}

/** The answer together with the deltas that a stream of it would have had. */
export function readResponses(
  response: unknown,
  context: AnswerContext,
): { readonly events: ChatEvent[]; readonly response: ChatResponse } {
  if (!isObject(response) || response['object'] !== 'response')
    throw malformed('it is no response object', context.requestId);
  checkEnded(response, context.requestId);
  const builder = createResponsesBuilder(context);
  return { events: builder.complete(response), response: builder.finish(response) };
}

/** Throws where a response did not end in an answer. What the vendor said about a failure is thrown as its client would. */
export function checkEnded(response: Readonly<Record<string, unknown>>, requestId: string | undefined): void {
  const { status, error } = response;
  if (status === 'failed')
    throw Object.assign(new Error('The vendor ended the answer with an error.'), {
      error: isObject(error) ? error : {},
      headers: {},
    });
  if (status !== 'completed' && status !== 'incomplete') throw truncated(requestId);
}
