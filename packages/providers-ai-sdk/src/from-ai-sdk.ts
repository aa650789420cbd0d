import type {
  LanguageModelV4,
  LanguageModelV4StreamPart,
  LanguageModelV4StreamResult,
} from '@ai-sdk/provider';
import {
  type CallOptions,
  type ChatEvent,
  type ChatModel,
  type ChatRequest,
  defineModel,
  guardCall,
  type JsonValue,
  systemClock,
} from '@loci/core';
import { defaultTimeouts, notAnAnswer, orAborted, readHeader, resolveTraits } from '@loci/core/provider';
import { fromAiSdkStream } from './from-ai-sdk-stream.js';
import { mapError } from './map-error.js';
import { readRequestId } from './request-id.js';
import { createKeyScrub } from './scrub.js';
import { checkSettings, type FromAiSdkSettings, unknownFeatures } from './settings.js';
import { toAiSdkCallOptions } from './to-call-options.js';

/**
 * Any language model of the AI SDK (specification V4) as a Loci chat model. Does no I/O before the first call, and
 * retries nothing: the retries of the AI SDK are in `generateText`, not in its models. Throws `InvalidInputError` for a
 * model of another specification version and for settings that are none.
 *
 * @example
 * const model = fromAiSdk(createAnthropic({ apiKey })('claude-opus-5'));
 */
export function fromAiSdk(model: LanguageModelV4, settings: FromAiSdkSettings = {}): ChatModel {
  checkSettings(model, settings);
  const { modelId } = model;
  const { provider = model.provider, clock = systemClock } = settings;
  const optionsName = settings.optionsName ?? model.provider.replace(/\..*$/, '');
  const traits = resolveTraits({ features: unknownFeatures }, settings.traits);
  const timeouts = { ...defaultTimeouts, ...settings.timeouts };
  const scrub = createKeyScrub(settings.secrets);
  const origin = { provider, model: modelId };

  async function* stream(
    request: ChatRequest,
    options: CallOptions,
  ): AsyncGenerator<ChatEvent, void, undefined> {
    const guard = guardCall(options, timeouts, clock);
    const { signal } = guard;
    // Ends what the model has opened, also where the caller leaves early and the model does not close its own stream.
    const controller = new AbortController();
    signal.addEventListener('abort', () => controller.abort());
    let requestId: string | undefined;
    try {
      signal.throwIfAborted();
      const supportedUrls = await orAborted(Promise.resolve(model.supportedUrls), signal);
      const { call, warnings, toolNames } = toAiSdkCallOptions(request, {
        ...settings,
        supportedUrls,
        provider,
        optionsName,
        traits,
        origin,
      });
      const opening = Promise.resolve(model.doStream({ ...call, abortSignal: controller.signal }));
      const result = await open(opening, signal);
      guard.headers();
      const headers = result.response?.headers ?? {};
      const id = readRequestId(headers);
      requestId = id && scrub(id);
      const type = readHeader(headers, 'content-type') ?? '';
      // Providers read a page as a stream without events.
      if (/\bhtml\b/i.test(type)) throw notAnAnswer(type);
      yield* fromAiSdkStream(guard.watch(readParts(result.stream, signal)), {
        provider,
        modelId,
        requestId,
        warnings,
        toolNames,
        clock,
        notes: readRateLimits(headers),
        failure: () => guard.failure,
        onChunk: guard.event,
      });
    } catch (error) {
      // What the model throws after the guard ended the call is only the echo.
      throw guard.failure ?? mapError(error, { scrub, clock, provider, requestId });
    } finally {
      guard.close();
      controller.abort();
    }
  }

  return defineModel({ provider, modelId, traits, stream });
}

/** The opened stream. One that comes after the call was ended is closed at once. */
async function open(
  opening: Promise<LanguageModelV4StreamResult>,
  signal: AbortSignal,
): Promise<LanguageModelV4StreamResult> {
  try {
    return await orAborted(opening, signal);
  } catch (error) {
    opening.then(({ stream }) => stream.cancel()).catch(() => {});
    throw error;
  }
}

/** The parts of a stream until it ends or the call is ended, whatever the model makes of its signal. Pings are no sign of life. */
async function* readParts(
  stream: ReadableStream<LanguageModelV4StreamPart>,
  signal: AbortSignal,
): AsyncGenerator<LanguageModelV4StreamPart, void, undefined> {
  const reader = stream.getReader();
  const cancel = () => reader.cancel().catch(() => {});
  // Ends the read that waits, before the model has heard of it.
  signal.addEventListener('abort', cancel);
  if (signal.aborted) cancel();
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read())
      if (next.value.type !== 'ping') yield next.value;
  } finally {
    cancel();
  }
}

/** Rate limits as the vendor stated them, by the name of the header. */
function readRateLimits(headers: Readonly<Record<string, string>>): { readonly [name: string]: JsonValue } {
  const limits = Object.entries(headers).filter(([name]) => /ratelimit/i.test(name));
  return limits.length > 0 ? { rateLimits: Object.fromEntries(limits) } : {};
}
