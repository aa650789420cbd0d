import type { LanguageModelV4StreamPart, SharedV4ProviderMetadata } from '@ai-sdk/provider';
import type { ChatEvent, JsonValue, Warning } from '@loci/core';
import { type AnswerReader, isObject, type ReadOptions, readAnswer, truncated } from '@loci/core/provider';
import { createAnswerBuilder } from './build-answer.js';
import { toJson } from './json.js';
import { mapError } from './map-error.js';
import { mapFinishReason } from './map-finish-reason.js';
import { mapUsage } from './map-usage.js';
import { mapWarning } from './map-warnings.js';
import { lociName } from './marks.js';
import type { AnswerContext } from './to-response.js';

export interface FromStreamOptions extends AnswerContext, Pick<ReadOptions, 'onChunk' | 'failure'> {
  /** More about the call for `response.notes`, under the name of the provider. */
  readonly notes?: { readonly [name: string]: JsonValue };
}

type Finish = Extract<LanguageModelV4StreamPart, { type: 'finish' }>;
type Fields = { readonly [name: string]: JsonValue };

/**
 * The events of an AI SDK stream (V4). Only a `finish` part with a reason of the vendor ends it: without one, and with
 * `error`, `interrupted` or an `other` that nobody said, it is `truncated`. An `error` part is thrown as it is.
 */
export function fromAiSdkStream(
  parts: AsyncIterable<LanguageModelV4StreamPart>,
  options: FromStreamOptions,
): AsyncGenerator<ChatEvent, void, undefined> {
  const reader = createReader(options);
  return readAnswer(untilLost(parts, reader), reader, options);
}

/** Behind its end an answer has nothing to lose, whatever the runtime calls what went wrong. */
async function* untilLost(
  parts: AsyncIterable<LanguageModelV4StreamPart>,
  reader: AnswerReader,
): AsyncGenerator<LanguageModelV4StreamPart, void, undefined> {
  try {
    yield* parts;
  } catch (error) {
    if (!reader.isComplete) throw error;
  }
}

function createReader(options: FromStreamOptions): AnswerReader {
  const { requestId, provider } = options;
  const builder = createAnswerBuilder(options);
  const warnings: Warning[] = [];
  let served: Fields = {};
  let finish: Finish | undefined;
  const reasonOf = (end: Finish | undefined) => end && mapFinishReason(end.finishReason);
  return {
    take(event) {
      const part = event as LanguageModelV4StreamPart;
      if (part.type === 'stream-start') warnings.push(...part.warnings.map(mapWarning));
      else if (part.type === 'response-metadata') served = { ...served, ...readServed(part) };
      else if (part.type === 'finish') finish = part;
      else if (part.type === 'error' && !reasonOf(finish)) throw part.error;
      return builder.add(part);
    },
    get isComplete() {
      return reasonOf(finish) !== undefined;
    },
    finish() {
      const finishReason = reasonOf(finish);
      const usage = finish ? mapUsage(finish.usage) : null;
      if (finish?.finishReason.unified === 'error')
        throw mapError('The model ended its answer with an error.', { provider, requestId });
      if (!finish || !finishReason) {
        const error = truncated('a finish reason of the vendor');
        throw usage ? error.with({ usage }) : error;
      }
      const own = readOwn(finish.providerMetadata);
      const metadata = readForeign(finish.providerMetadata);
      const said: Fields = { ...options.notes, ...served, ...(metadata && { metadata }) };
      return builder.finish({
        finishReason,
        usage,
        warnings: [...warnings, ...own.warnings],
        notes: { ...own.notes, ...(Object.keys(said).length > 0 && { [provider]: said }) },
      });
    },
  };
}

function readServed({ id, modelId }: { readonly id?: string; readonly modelId?: string }): Fields {
  return {
    ...(id !== undefined && { responseId: id }),
    ...(modelId !== undefined && { servedModel: modelId }),
  };
}

/** What `toAiSdk` said of a call that V4 has no place for behind the start of a stream. */
function readOwn(metadata: SharedV4ProviderMetadata | undefined): {
  readonly warnings: readonly Warning[];
  readonly notes: Fields;
} {
  const own = toJson(metadata?.[lociName]);
  const warnings = isObject(own) && Array.isArray(own['warnings']) ? own['warnings'] : [];
  const notes = isObject(own) && isObject(own['notes']) ? (own['notes'] as Fields) : {};
  return {
    warnings: warnings.filter(
      (warning): warning is Warning =>
        isObject(warning) && typeof warning['code'] === 'string' && typeof warning['message'] === 'string',
    ),
    notes,
  };
}

function readForeign(metadata: SharedV4ProviderMetadata | undefined): JsonValue | undefined {
  const others = Object.entries(metadata ?? {}).filter(([name]) => name !== lociName);
  return others.length > 0 ? toJson(Object.fromEntries(others)) : undefined;
}
