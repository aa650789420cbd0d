import type { ChatEvent } from '@loci/core';
import { type AnswerReader, isObject, malformed, readAnswer } from '@loci/core/provider';
import { createResponsesBuilder } from './build-responses-answer.js';
import { cutOff } from './ends.js';
import { checkEnded, said } from './from-responses.js';
import type { FromStreamOptions, ReaderOptions } from './from-stream.js';

const ends: readonly unknown[] = ['response.completed', 'response.incomplete', 'response.failed'];

/**
 * The events of a streamed response of the Responses API. The answer is complete when one of its end markers was seen,
 * which holds everything: nothing that happens after it counts. Throws `ModelError` `truncated` where the stream ends before.
 */
export function fromOpenAIResponsesStream(
  events: AsyncIterable<unknown>,
  options: FromStreamOptions,
): AsyncGenerator<ChatEvent, void, undefined> {
  return readAnswer(events, createResponsesReader(options), options);
}

export function createResponsesReader(options: ReaderOptions): AnswerReader {
  const builder = createResponsesBuilder(options);
  let ended: Readonly<Record<string, unknown>> | undefined;
  return {
    take(event) {
      if (!isObject(event)) throw malformed('an event is not an object');
      // The vendor's client throws it where the event is named, and hands it over where only its data is.
      if (event['type'] === 'error') throw said(event);
      if (ended) return [];
      if (!ends.includes(event['type'])) return builder.add(event);
      const { response } = event;
      if (!isObject(response)) throw malformed('an end marker holds no response');
      checkEnded(response);
      ended = response;
      return builder.complete(response);
    },
    get isComplete() {
      return ended !== undefined;
    },
    finish() {
      if (!ended) throw cutOff();
      const { model } = ended;
      return builder.finish(ended, {
        ...options.notes,
        ...(typeof model === 'string' && { servedModel: model }),
      });
    },
  };
}
