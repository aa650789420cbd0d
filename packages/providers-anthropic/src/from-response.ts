import type { ChatEvent, ChatResponse } from '@loci/core';
import { isObject, malformed } from '@loci/core/provider';
import { type AnswerContext, createAnswerBuilder } from './build-answer.js';
import { cutOff } from './ends.js';
import type { ReaderOptions } from './from-stream.js';
import { mapError } from './map-error.js';

/**
 * The response in a plain (not streamed) message, as the vendor's own client returns it. Throws `ModelError` where it is
 * none: a page of HTML, which that client returns as a string, an empty body, a message without a stop reason.
 *
 * @example
 * const message = await client.messages.create({ model: 'claude-opus-5', max_tokens: 1000, messages });
 * const response = fromAnthropicResponse(message, { modelId: 'claude-opus-5' });
 */
export function fromAnthropicResponse(message: unknown, context: AnswerContext): ChatResponse {
  const id = isObject(message) ? message['_request_id'] : undefined;
  const named = context.requestId === undefined && typeof id === 'string' ? { requestId: id } : {};
  const told = { ...context, ...named };
  try {
    return readMessage(message, told).response;
  } catch (error) {
    throw mapError(error, told);
  }
}

/** The response together with the deltas that a stream of it would have had. */
export function readMessage(
  message: unknown,
  options: ReaderOptions,
): { readonly deltas: readonly ChatEvent[]; readonly response: ChatResponse } {
  if (!isObject(message))
    throw malformed(`it is ${message === undefined || message === '' ? 'empty' : 'no JSON object'}`);
  const { content, stop_reason: stopReason, stop_details: stopDetails, usage } = message;
  if (!Array.isArray(content)) throw malformed('it has no list of blocks');
  if (typeof stopReason !== 'string') throw cutOff();
  const builder = createAnswerBuilder(options);
  const deltas = content.flatMap((block: unknown, index) => builder.open(index, block));
  builder.count(usage);
  return { deltas, response: builder.finish({ stopReason, stopDetails, notes: options.notes }) };
}
