import type { ChatEvent, JsonValue } from '@loci/core';
import { type AnswerReader, isObject, malformed, type ReadOptions, readAnswer } from '@loci/core/provider';
import { type AnswerContext, createAnswerBuilder } from './build-answer.js';
import { cutOff, failedInside } from './ends.js';
import { mapUsage } from './map-usage.js';
import { pick } from './read.js';

export interface ReaderOptions extends AnswerContext {
  /** More about the call for `response.notes`. */
  readonly notes?: { readonly [name: string]: JsonValue } | undefined;
}

export interface FromStreamOptions extends ReaderOptions, Omit<ReadOptions, 'requestId'> {}

/**
 * The events of a streamed chat completion, as the vendor's own client yields it. The answer is complete when its finish
 * reason was seen: a connection lost and a time-out after that cost nothing. Throws `ModelError` `truncated` where the
 * stream ends before, which the client takes for a success.
 */
export function fromMistralStream(
  chunks: AsyncIterable<unknown>,
  options: FromStreamOptions,
): AsyncGenerator<ChatEvent, void, undefined> {
  return readAnswer(chunks, createChunkReader(options), options);
}

export function createChunkReader(options: ReaderOptions): AnswerReader {
  const builder = createAnswerBuilder(options);
  let finishReason: string | undefined;
  let usage: unknown;
  let servedModel: string | undefined;
  return {
    take(event) {
      // The client wraps each chunk in `{ data }`.
      const chunk = isObject(event) && isObject(event['data']) ? event['data'] : event;
      if (!isObject(chunk)) throw malformed('a chunk is no object');
      const choice = readChoice(chunk['choices'] ?? []);
      usage = chunk['usage'] ?? usage;
      if (typeof chunk['model'] === 'string') servedModel = chunk['model'];
      if (!choice) return [];
      const deltas = builder.add(choice['delta'] ?? {});
      const reason = pick(choice, 'finishReason', 'finish_reason');
      if (typeof reason === 'string' && reason !== '') finishReason = reason;
      return deltas;
    },
    get isComplete() {
      return finishReason !== undefined;
    },
    finish() {
      if (finishReason === undefined) throw cutOff();
      if (finishReason === 'error') throw failedInside();
      const notes = { ...options.notes, ...(servedModel !== undefined && { servedModel }) };
      return builder.finish(finishReason, mapUsage(usage), notes);
    },
  };
}

/** The first choice: the only one that is asked for. */
function readChoice(choices: unknown): Readonly<Record<string, unknown>> | undefined {
  if (!Array.isArray(choices)) throw malformed('choices are no list');
  const choice: unknown = choices.find((item: unknown) => !isObject(item) || (item['index'] ?? 0) === 0);
  if (choice !== undefined && !isObject(choice)) throw malformed('a choice is no object');
  return choice;
}
