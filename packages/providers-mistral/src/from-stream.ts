import type { ChatEvent, JsonValue, ModelError } from '@loci/core';
import { type AnswerContext, createAnswerBuilder } from './build-answer.js';
import { failedInside, malformed, truncated } from './failures.js';
import { isConnectionLoss } from './map-error.js';
import { mapUsage } from './map-usage.js';
import { isObject, pick } from './read.js';

export interface FromStreamOptions extends AnswerContext {
  /** Told of each chunk before it is read. */
  readonly onChunk?: (hasContent: boolean) => void;
  /** Why the call was ended from outside, once it was. */
  readonly failure?: () => ModelError | undefined;
  /** More about the call for `response.notes`. */
  readonly notes?: { readonly [name: string]: JsonValue };
}

/**
 * The events of a streamed chat completion, as the vendor's own client yields it. The answer is complete when its finish
 * reason was seen: a connection lost and a time-out after that cost nothing. Throws `ModelError` `truncated` where the
 * stream ends before, which the client takes for a success.
 */
export async function* fromMistralStream(
  chunks: AsyncIterable<unknown>,
  options: FromStreamOptions,
): AsyncGenerator<ChatEvent, void, undefined> {
  const { onChunk, notes } = options;
  const builder = createAnswerBuilder(options);
  let finishReason: string | undefined;
  let usage: unknown;
  let servedModel: string | undefined;
  try {
    for await (const event of chunks) {
      const { choice, ...rest } = readChunk(event);
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
  if (finishReason === undefined) throw truncated();
  if (finishReason === 'error') throw failedInside();
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

/** The client wraps each chunk in `{ data }`. */
function readChunk(event: unknown): Chunk {
  const chunk = isObject(event) && isObject(event['data']) ? event['data'] : event;
  if (!isObject(chunk)) throw malformed('a chunk is no object');
  const choices = chunk['choices'] ?? [];
  if (!Array.isArray(choices)) throw malformed('choices are no list');
  const choice: unknown = choices.find((item: unknown) => !isObject(item) || (item['index'] ?? 0) === 0);
  if (choice !== undefined && !isObject(choice)) throw malformed('a choice is no object');
  const finishReason = pick(choice, 'finishReason', 'finish_reason');
  return {
    choice: choice && {
      delta: choice['delta'],
      finishReason: typeof finishReason === 'string' && finishReason !== '' ? finishReason : undefined,
    },
    usage: chunk['usage'],
    model: typeof chunk['model'] === 'string' ? chunk['model'] : undefined,
  };
}
