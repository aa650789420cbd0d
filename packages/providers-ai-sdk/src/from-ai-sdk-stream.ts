import type { LanguageModelV4StreamPart, SharedV4ProviderMetadata } from '@ai-sdk/provider';
import type { ChatEvent, JsonValue, ModelError, Usage, Warning } from '@loci/core';
import { createAnswerBuilder } from './build-answer.js';
import { truncated } from './failures.js';
import { isObject, toJson } from './json.js';
import { mapError } from './map-error.js';
import { mapFinishReason } from './map-finish-reason.js';
import { mapUsage } from './map-usage.js';
import { mapWarning } from './map-warnings.js';
import { lociName } from './marks.js';
import type { AnswerContext } from './to-response.js';

export interface FromStreamOptions extends AnswerContext {
  /** Told of each part of the stream once it was read. */
  readonly onPart?: (hasContent: boolean) => void;
  /** Why the call was ended from outside, once it was: the stream then may end without a word. */
  readonly failure?: () => ModelError | undefined;
  /** More about the call for `response.notes`, under the name of the provider. */
  readonly notes?: { readonly [name: string]: JsonValue };
}

type Finish = Extract<LanguageModelV4StreamPart, { type: 'finish' }>;
type Fields = { readonly [name: string]: JsonValue };

/**
 * The events of an AI SDK stream (V4). Only a `finish` part with a reason of the vendor ends it: without one, and with
 * `error`, `interrupted` or an `other` that nobody said, it is `truncated`. An `error` part is thrown as it is.
 */
export async function* fromAiSdkStream(
  parts: AsyncIterable<LanguageModelV4StreamPart>,
  options: FromStreamOptions,
): AsyncGenerator<ChatEvent, void, undefined> {
  const { requestId, provider, onPart } = options;
  const builder = createAnswerBuilder(options);
  const warnings: Warning[] = [];
  let served: Fields = {};
  let finish: Finish | undefined;
  try {
    // Read to its end also behind `finish`: a stream that is left early costs its connection.
    for await (const part of parts) {
      if (part.type === 'stream-start') warnings.push(...part.warnings.map(mapWarning));
      else if (part.type === 'response-metadata') served = { ...served, ...readServed(part) };
      else if (part.type === 'finish') finish = part;
      else if (part.type === 'error') throw part.error;
      const deltas = builder.add(part);
      onPart?.(deltas.length > 0);
      yield* deltas;
    }
  } catch (error) {
    if (!isEnd(finish)) throw error;
  }
  const failure = options.failure?.();
  if (failure && !(isEnd(finish) && failure.kind === 'timeout')) throw failure;
  const finishReason = finish && mapFinishReason(finish.finishReason);
  if (!finish || !finishReason) {
    const usage: Usage | null = finish ? mapUsage(finish.usage) : null;
    if (finish?.finishReason.unified === 'error')
      throw mapError('The model ended its answer with an error.', {
        provider,
        ...(requestId !== undefined && { requestId }),
      });
    throw truncated(requestId, usage);
  }
  const own = readOwn(finish.providerMetadata);
  const metadata = readForeign(finish.providerMetadata);
  const said: Fields = { ...options.notes, ...served, ...(metadata && { metadata }) };
  const response = builder.finish({
    finishReason,
    usage: mapUsage(finish.usage),
    warnings: [...warnings, ...own.warnings],
    notes: { ...own.notes, ...(Object.keys(said).length > 0 && { [provider]: said }) },
  });
  yield { type: 'finish', response };
}

function isEnd(finish: Finish | undefined): boolean {
  return finish !== undefined && mapFinishReason(finish.finishReason) !== undefined;
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
