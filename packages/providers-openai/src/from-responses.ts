import type { ChatResponse } from '@loci/core';
import { isObject, malformed } from '@loci/core/provider';
import { createResponsesBuilder } from './build-responses-answer.js';
import { cutOff } from './ends.js';
import type { AnswerContext } from './finish-answer.js';
import type { WholeAnswer } from './from-response.js';
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

export function readResponses(response: unknown, context: AnswerContext): WholeAnswer {
  if (!isObject(response) || response['object'] !== 'response') throw malformed('it is no response object');
  checkEnded(response);
  const builder = createResponsesBuilder(context);
  return { deltas: builder.complete(response), response: builder.finish(response) };
}

/** Throws where a response did not end in an answer. What the vendor said about a failure is thrown as its client would. */
export function checkEnded({ status, error }: Readonly<Record<string, unknown>>): void {
  if (status === 'failed') throw said(isObject(error) ? error : {});
  if (status !== 'completed' && status !== 'incomplete') throw cutOff();
}

/** An error that the vendor put into a body, as its client would throw it. */
export function said(error: unknown, headers: object = {}): Error {
  return Object.assign(new Error('The vendor sent an error.'), { error, headers });
}
