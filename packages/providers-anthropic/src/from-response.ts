import type { ChatEvent, ChatResponse } from '@loci/core';
import { type AnswerContext, createAnswerBuilder, type Ending } from './build-answer.js';
import { malformed, truncated } from './failures.js';
import { isObject } from './is-object.js';

/**
 * The response in a plain (not streamed) message, as the vendor's own client returns it. Throws `ModelError` where it is
 * none: a page of HTML, which that client returns as a string, an empty body, a message without a stop reason.
 *
 * @example
 * const message = await client.messages.create({ model: 'claude-opus-5', max_tokens: 1000, messages });
 * const response = fromAnthropicResponse(message, { modelId: 'claude-opus-5' });
 */
export function fromAnthropicResponse(message: unknown, context: AnswerContext): ChatResponse {
  return readMessage(message, context).response;
}

/** The response together with the deltas that a stream of it would have had. */
export function readMessage(
  message: unknown,
  context: AnswerContext,
  notes: Ending['notes'] = {},
): { readonly events: ChatEvent[]; readonly response: ChatResponse } {
  const requestId = context.requestId ?? requestIdOf(message);
  if (!isObject(message))
    throw malformed(
      `it is ${message === undefined || message === '' ? 'empty' : 'no JSON object'}`,
      requestId,
    );
  const { content, stop_reason: stopReason, stop_details: stopDetails, usage } = message;
  if (!Array.isArray(content)) throw malformed('it has no list of blocks', requestId);
  if (typeof stopReason !== 'string') throw truncated(requestId);
  const builder = createAnswerBuilder({ ...context, ...(requestId !== undefined && { requestId }) });
  const events = content.flatMap((block: unknown, index) => builder.open(index, block));
  builder.count(usage);
  return { events, response: builder.finish({ stopReason, stopDetails, notes }) };
}

function requestIdOf(message: unknown): string | undefined {
  const id = isObject(message) ? message['_request_id'] : undefined;
  return typeof id === 'string' ? id : undefined;
}
