import type { ChatEvent } from '@loci/core';
import { createResponsesBuilder } from './build-responses-answer.js';
import { malformed, truncated } from './failures.js';
import { checkEnded } from './from-responses.js';
import type { FromStreamOptions } from './from-stream.js';
import { isObject } from './is-object.js';
import { isConnectionLoss } from './map-error.js';

const ends: readonly unknown[] = ['response.completed', 'response.incomplete', 'response.failed'];

/**
 * The events of a streamed response of the Responses API. The answer is complete when one of its end markers was seen,
 * which holds everything: nothing that happens after it counts. Throws `ModelError` `truncated` where the stream ends before.
 */
export async function* fromOpenAIResponsesStream(
  events: AsyncIterable<unknown>,
  options: FromStreamOptions,
): AsyncGenerator<ChatEvent, void, undefined> {
  const { requestId, onChunk, notes } = options;
  const builder = createResponsesBuilder(options);
  let ended: Readonly<Record<string, unknown>> | undefined;
  try {
    for await (const event of events) {
      if (!isObject(event)) throw malformed('an event is not an object', requestId);
      // The vendor's client throws it where the event is named, and hands it over where only its data is.
      if (event['type'] === 'error')
        throw Object.assign(new Error('The vendor sent an error.'), { error: event, headers: {} });
      if (ended) continue;
      ended = readEnd(event, requestId);
      const deltas = ended ? builder.complete(ended) : builder.add(event);
      onChunk?.(deltas.length > 0);
      yield* deltas;
    }
  } catch (error) {
    if (!ended || !(options.failure?.() || isConnectionLoss(error))) throw error;
  }
  const failure = options.failure?.();
  if (failure && (!ended || failure.kind !== 'timeout')) throw failure;
  if (!ended) throw truncated(requestId);
  const { model } = ended;
  const said = { ...notes, ...(typeof model === 'string' && { servedModel: model }) };
  yield {
    type: 'finish',
    response: builder.finish(ended, Object.keys(said).length > 0 ? said : undefined),
  };
}

/** The response in an end marker; throws where it is a failure. */
function readEnd(
  event: Readonly<Record<string, unknown>>,
  requestId: string | undefined,
): Readonly<Record<string, unknown>> | undefined {
  if (!ends.includes(event['type'])) return undefined;
  const { response } = event;
  if (!isObject(response)) throw malformed('an end marker holds no response', requestId);
  checkEnded(response, requestId);
  return response;
}
