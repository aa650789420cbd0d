import type { ChatEvent, JsonValue, ModelError } from '@loci/core';
import { createAnswerBuilder } from './build-answer.js';
import { malformed, truncated } from './failures.js';
import type { AnswerContext } from './finish-answer.js';
import { failedInside } from './from-response.js';
import { isObject } from './is-object.js';
import { isConnectionLoss } from './map-error.js';
import { mapUsage } from './map-usage.js';

export interface FromStreamOptions extends AnswerContext {
  /** Told of each chunk before it is read. */
  readonly onChunk?: (hasContent: boolean) => void;
  /** Why the call was ended from outside, once it was: the client's stream then ends without a word. */
  readonly failure?: () => ModelError | undefined;
  /** More about the call for `response.notes`. */
  readonly notes?: { readonly [name: string]: JsonValue };
}

/**
 * The events of a streamed chat completion. The answer is complete when its `finish_reason` was seen: a connection lost
 * and a time-out after that cost only the usage. Throws `ModelError` `truncated` where the stream ends before.
 */
export async function* fromOpenAIStream(
  chunks: AsyncIterable<unknown>,
  options: FromStreamOptions,
): AsyncGenerator<ChatEvent, void, undefined> {
  const { requestId, onChunk, notes } = options;
  const builder = createAnswerBuilder(options);
  let finishReason: string | undefined;
  let usage: unknown;
  let servedModel: string | undefined;
  try {
    for await (const chunk of chunks) {
      const { choice, ...rest } = readChunk(chunk, requestId);
      usage = rest.usage ?? usage;
      servedModel = rest.model ?? servedModel;
      const events = choice ? builder.add(choice.delta ?? {}) : [];
      onChunk?.(events.length > 0);
      yield* events;
      finishReason = choice?.finishReason ?? finishReason;
    }
  } catch (error) {
    if (finishReason === undefined || !(options.failure?.() || isConnectionLoss(error))) throw error;
  }
  const failure = options.failure?.();
  if (failure && (finishReason === undefined || failure.kind !== 'timeout')) throw failure;
  if (finishReason === undefined) throw truncated(requestId);
  if (finishReason === 'error') throw failedInside(requestId);
  const said = { ...notes, ...(servedModel !== undefined && { servedModel }) };
  yield {
    type: 'finish',
    response: builder.finish(finishReason, mapUsage(usage), Object.keys(said).length > 0 ? said : undefined),
  };
}

interface Chunk {
  readonly choice: { readonly delta: unknown; readonly finishReason: string | undefined } | undefined;
  readonly usage: unknown;
  readonly model: string | undefined;
}

function readChunk(chunk: unknown, requestId: string | undefined): Chunk {
  if (!isObject(chunk)) throw malformed('a chunk is not an object', requestId);
  const choices = chunk['choices'] ?? [];
  if (!Array.isArray(choices)) throw malformed('the choices of a chunk are not a list', requestId);
  const choice: unknown = choices.find((item: unknown) => !isObject(item) || (item['index'] ?? 0) === 0);
  if (choice !== undefined && !isObject(choice)) throw malformed('a choice is not an object', requestId);
  const finishReason = choice?.['finish_reason'];
  return {
    choice: choice && {
      delta: choice['delta'],
      finishReason: typeof finishReason === 'string' && finishReason !== '' ? finishReason : undefined,
    },
    usage: chunk['usage'],
    model: typeof chunk['model'] === 'string' ? chunk['model'] : undefined,
  };
}
