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
import { notAnAnswer } from './failures.js';
import { fromAiSdkStream } from './from-ai-sdk-stream.js';
import { mapError } from './map-error.js';
import { readRequestId } from './retry-after.js';
import { createScrub } from './scrub.js';
import { checkSettings, defaultTimeouts, type FromAiSdkSettings, traitsOf } from './settings.js';
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
  const traits = traitsOf(settings.traits);
  const timeouts = { ...defaultTimeouts, ...settings.timeouts };
  const scrub = createScrub(settings.secrets);
  const origin = { provider, model: modelId };

  async function* stream(
    request: ChatRequest,
    options: CallOptions,
  ): AsyncGenerator<ChatEvent, void, undefined> {
    const guard = guardCall(options, timeouts, clock);
    // Ends what the model has opened, also where the caller leaves early and the model does not close its own stream.
    const controller = new AbortController();
    const stopped = new Promise<undefined>((resolve) => {
      guard.signal.addEventListener('abort', () => {
        controller.abort();
        resolve(undefined);
      });
    });
    let requestId: string | undefined;
    try {
      if (guard.failure) throw guard.failure;
      const supportedUrls = await Promise.race([model.supportedUrls, stopped]);
      const { call, warnings, toolNames } = toAiSdkCallOptions(request, {
        ...settings,
        ...(supportedUrls && { supportedUrls }),
        provider,
        optionsName,
        traits,
        origin,
      });
      if (guard.failure) throw guard.failure;
      const result = await open(model.doStream({ ...call, abortSignal: controller.signal }), stopped);
      if (!result) throw guard.failure;
      guard.headers();
      const headers = result.response?.headers ?? {};
      const id = readRequestId(headers);
      if (id !== undefined) requestId = scrub(id);
      // Providers read a page as a stream without events.
      if (/\bhtml\b/i.test(headers['content-type'] ?? '')) throw notAnAnswer(requestId);
      const parts = guard.watch(readParts(result.stream, stopped));
      yield* fromAiSdkStream(parts, {
        provider,
        modelId,
        warnings,
        toolNames,
        clock,
        notes: readRateLimits(headers),
        failure: () => guard.failure,
        onPart: (hasContent) => guard.event(hasContent),
        ...(requestId !== undefined && { requestId }),
      });
    } catch (error) {
      // What the model throws after the guard ended the call is only the echo.
      throw (
        guard.failure ??
        mapError(error, { scrub, clock, provider, ...(requestId !== undefined && { requestId }) })
      );
    } finally {
      guard.close();
      controller.abort();
    }
  }

  return defineModel({ provider, modelId, traits, stream });
}

/** The opened stream, or `undefined` where the call was ended first; a stream that comes later is closed at once. */
async function open(
  opening: PromiseLike<LanguageModelV4StreamResult>,
  stopped: Promise<undefined>,
): Promise<LanguageModelV4StreamResult | undefined> {
  const result = await Promise.race([opening, stopped]);
  if (!result)
    Promise.resolve(opening)
      .then(({ stream }) => stream.cancel())
      .catch(() => {});
  return result;
}

/** The parts of a stream until it ends or the call is ended, whatever the model makes of its signal. Pings are no sign of life. */
async function* readParts(
  stream: ReadableStream<LanguageModelV4StreamPart>,
  stopped: Promise<undefined>,
): AsyncGenerator<LanguageModelV4StreamPart, void, undefined> {
  const reader = stream.getReader();
  const cancel = () => reader.cancel().catch(() => {});
  // Ends the read that waits, before the model has heard of it.
  stopped.then(cancel);
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
