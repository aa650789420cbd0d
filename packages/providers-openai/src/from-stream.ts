import type { ChatEvent, JsonValue } from '@loci/core';
import { type AnswerReader, isObject, malformed, type ReadOptions, readAnswer } from '@loci/core/provider';
import { createAnswerBuilder } from './build-answer.js';
import { cutOff, failedInside } from './ends.js';
import type { AnswerContext } from './finish-answer.js';
import { mapUsage } from './map-usage.js';

export interface ReaderOptions extends AnswerContext {
  /** More about the call for `response.notes`. */
  readonly notes?: { readonly [name: string]: JsonValue };
}

export interface FromStreamOptions extends ReaderOptions, Omit<ReadOptions, 'requestId'> {}

/**
 * The events of a streamed chat completion. The answer is complete when its `finish_reason` was seen: a connection lost
 * and a time-out after that cost only the usage. Throws `ModelError` `truncated` where the stream ends before.
 */
export function fromOpenAIStream(
  chunks: AsyncIterable<unknown>,
  options: FromStreamOptions,
): AsyncGenerator<ChatEvent, void, undefined> {
  return readAnswer(chunks, createChatReader(options), options);
}

export function createChatReader(options: ReaderOptions): AnswerReader {
  const builder = createAnswerBuilder(options);
  let finishReason: string | undefined;
  let usage: unknown;
  let servedModel: string | undefined;
  return {
    take(chunk) {
      if (!isObject(chunk)) throw malformed('a chunk is not an object');
      const choice = readChoice(chunk['choices'] ?? []);
      usage = chunk['usage'] ?? usage;
      if (typeof chunk['model'] === 'string') servedModel = chunk['model'];
      if (!choice) return [];
      const deltas = builder.add(choice['delta'] ?? {});
      const reason = choice['finish_reason'];
      if (typeof reason === 'string' && reason !== '') finishReason = reason;
      return deltas;
    },
    get isComplete() {
      return finishReason !== undefined;
    },
    finish() {
      if (finishReason === undefined) throw cutOff();
      if (finishReason === 'error') throw failedInside();
      const said = { ...options.notes, ...(servedModel !== undefined && { servedModel }) };
      return builder.finish(finishReason, mapUsage(usage), said);
    },
  };
}

/** The first choice: the only one that is asked for. */
function readChoice(choices: unknown): Readonly<Record<string, unknown>> | undefined {
  if (!Array.isArray(choices)) throw malformed('the choices of a chunk are not a list');
  const choice: unknown = choices.find((item: unknown) => !isObject(item) || (item['index'] ?? 0) === 0);
  if (choice !== undefined && !isObject(choice)) throw malformed('a choice is not an object');
  return choice;
}
