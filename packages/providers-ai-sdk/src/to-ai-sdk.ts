import type {
  LanguageModelV4,
  LanguageModelV4CallOptions,
  LanguageModelV4StreamPart,
} from '@ai-sdk/provider';
import { type CallOptions, type ChatEvent, type ChatModel, InvalidInputError } from '@loci/core';
import { fromAiSdkCallOptions } from './from-call-options.js';
import { toAiSdkFinishReason } from './map-finish-reason.js';
import { toAiSdkUsage } from './map-usage.js';
import { toAiSdkWarning } from './map-warnings.js';
import { responseMetadata, toAiSdkContent } from './to-ai-sdk-content.js';
import { toAiSdkError } from './to-ai-sdk-error.js';
import { toAiSdkStream } from './to-ai-sdk-stream.js';

/** What is given to every call of the model; an AI SDK call has no field for it. */
export type ToAiSdkSettings = Pick<CallOptions, 'timeouts' | 'scope'>;

/**
 * Any Loci chat model, a router or a model with memory too, as a language model of the AI SDK (specification V4) for
 * `generateText`, `streamText` and whatever takes one. Throws `InvalidInputError` for what is no chat model.
 *
 * @example
 * const { text } = await generateText({ model: toAiSdk(router), prompt: 'Hello.' });
 */
export function toAiSdk(model: ChatModel, settings: ToAiSdkSettings = {}): LanguageModelV4 {
  const { specVersion } = (model ?? {}) as { readonly specVersion?: unknown };
  if (specVersion !== 1)
    throw new InvalidInputError('model', 'is not a chat model of Loci (its specVersion is not 1)');
  const { provider, modelId, traits } = model;
  const callOptions: CallOptions = {
    ...(settings.timeouts && { timeouts: settings.timeouts }),
    ...(settings.scope && { scope: settings.scope }),
  };

  return Object.freeze({
    specificationVersion: 'v4' as const,
    provider,
    modelId,
    // Everything else is downloaded by the AI SDK: not every vendor fetches files itself.
    supportedUrls:
      traits.features.images === 'yes'
        ? { 'image/*': [/^https?:\/\/.*$/] }
        : ({} as Record<string, RegExp[]>),

    async doGenerate(options: LanguageModelV4CallOptions) {
      const { request, warnings } = fromAiSdkCallOptions(options);
      try {
        const response = await model.generate(request, {
          ...callOptions,
          ...(options.abortSignal && { signal: options.abortSignal }),
        });
        const { id, createdAt } = response.message;
        return {
          content: toAiSdkContent(response.message),
          finishReason: toAiSdkFinishReason(response.finishReason),
          usage: toAiSdkUsage(response.usage),
          providerMetadata: responseMetadata(response, false),
          response: { id, timestamp: new Date(createdAt), modelId: response.model.modelId },
          warnings: [...warnings, ...response.warnings].map(toAiSdkWarning),
        };
      } catch (error) {
        throw toAiSdkError(error, options.abortSignal);
      }
    },

    async doStream(options: LanguageModelV4CallOptions) {
      const { request, warnings } = fromAiSdkCallOptions(options);
      // A reader that leaves ends the call, also while the next event is waited for.
      const leaving = new AbortController();
      const signal = options.abortSignal
        ? AbortSignal.any([options.abortSignal, leaving.signal])
        : leaving.signal;
      const events = model.stream(request, { ...callOptions, signal })[Symbol.asyncIterator]();
      // The AI SDK retries only what fails before there is a stream.
      const first = await events.next().catch((error: unknown) => {
        throw toAiSdkError(error, options.abortSignal);
      });
      const parts = toAiSdkStream(resume(first, events), { modelId, warnings });
      const leave = () => {
        leaving.abort();
        parts.return().catch(() => {});
        // Parts that were never read have not begun, and so would not close the events.
        events.return?.().catch(() => {});
      };
      return { stream: toReadable(parts, leave, options.abortSignal) };
    },
  });
}

async function* resume(
  first: IteratorResult<ChatEvent, unknown>,
  rest: AsyncIterator<ChatEvent, unknown>,
): AsyncGenerator<ChatEvent, void, undefined> {
  try {
    for (let next = first; !next.done; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}

/** Failures are a part of the stream, as in every model of the AI SDK; an abort breaks it. */
function toReadable(
  parts: AsyncGenerator<LanguageModelV4StreamPart, void, undefined>,
  leave: () => void,
  signal: AbortSignal | undefined,
): ReadableStream<LanguageModelV4StreamPart> {
  return new ReadableStream<LanguageModelV4StreamPart>(
    {
      async pull(controller) {
        try {
          const next = await parts.next();
          if (next.done) controller.close();
          else controller.enqueue(next.value);
        } catch (error) {
          const failure = toAiSdkError(error, signal);
          if (signal?.aborted) return controller.error(failure);
          controller.enqueue({ type: 'error', error: failure });
          controller.close();
        }
      },
      cancel: leave,
    },
    { highWaterMark: 0 },
  );
}
