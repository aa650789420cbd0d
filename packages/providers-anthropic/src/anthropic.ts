import {
  type CallOptions,
  type ChatEvent,
  type ChatModel,
  type ChatRequest,
  defineModel,
  guardCall,
  ModelError,
  systemClock,
  type Usage,
} from '@loci/core';
import { notAnAnswer } from './failures.js';
import { readMessage } from './from-response.js';
import { fromAnthropicStream } from './from-stream.js';
import { isObject } from './is-object.js';
import { mapError } from './map-error.js';
import { createOpener } from './open-client.js';
import { createScrub } from './scrub.js';
import { type AnthropicSettings, checkSettings, defaultTimeouts } from './settings.js';
import { toRateLimits } from './to-notes.js';
import { toAnthropicRequest } from './to-request.js';
import { traitsOf } from './traits.js';

/**
 * A chat model of Anthropic, or of any server that speaks Messages. Does no I/O; the vendor's SDK is loaded and the
 * environment is read when the model is first called. Throws `InvalidInputError` for settings that are none.
 *
 * @example
 * const model = anthropic('claude-opus-5');
 * const proxied = anthropic('claude-opus-5', { baseUrl: 'https://proxy.example', apiKey: () => fetchKey() });
 */
export function anthropic(modelId: string, settings: AnthropicSettings = {}): ChatModel {
  checkSettings(modelId, settings);
  const { provider = 'anthropic', clock = systemClock } = settings;
  const traits = traitsOf(modelId, settings.traits);
  const timeouts = { ...defaultTimeouts, ...settings.timeouts };
  const open = createOpener(settings);

  async function* stream(
    request: ChatRequest,
    options: CallOptions,
  ): AsyncGenerator<ChatEvent, void, undefined> {
    const guard = guardCall(options, timeouts, clock);
    let scrub = createScrub(Object.values(settings.headers ?? {}));
    let requestId: string | undefined;
    let usage: Usage | undefined;
    try {
      const call = await open(guard.signal);
      scrub = call.scrub;
      const { body, warnings, toolNames } = toAnthropicRequest(request, { ...settings, modelId, traits });
      const { data, response } = await call.post<AsyncIterable<unknown> & { controller: AbortController }>(
        '/v1/messages',
        body,
      );
      guard.headers();
      requestId = response.headers.get('request-id') ?? undefined;
      const context = {
        modelId,
        provider,
        warnings,
        toolNames,
        clock,
        ...(requestId !== undefined && { requestId }),
      };
      const notes = toRateLimits(response.headers);
      const type = response.headers.get('content-type') ?? '';
      if (/\bjson\b/i.test(type)) {
        // A server that does not stream answers with the whole message; the SDK has left its body unread.
        const { events, response: whole } = readPlain(await response.text(), context, type, response.headers);
        yield* events;
        yield { type: 'finish', response: whole };
        return;
      }
      if (/\bhtml\b/i.test(type)) {
        data.controller.abort();
        throw notAnAnswer(type, requestId);
      }
      yield* fromAnthropicStream(guard.watch(data), {
        ...context,
        notes,
        failure: () => guard.failure,
        onChunk: (hasContent) => guard.event(hasContent),
        onUsage: (counted) => {
          usage = counted;
        },
      });
    } catch (error) {
      // What the client throws after the guard ended the call is only the echo.
      const failure =
        guard.failure ??
        mapError(error, { scrub, clock, provider, ...(requestId !== undefined && { requestId }) });
      throw usage && ModelError.isInstance(failure) ? failure.with({ usage }) : failure;
    } finally {
      guard.close();
    }
  }

  return defineModel({ provider, modelId, traits, stream });
}

function readPlain(
  text: string,
  context: Parameters<typeof readMessage>[1],
  type: string,
  headers: Headers,
): ReturnType<typeof readMessage> {
  if (text.trim() === '') throw notAnAnswer(`${type} and an empty body`, context.requestId);
  const message: unknown = JSON.parse(text);
  if (isObject(message) && message['error'])
    throw Object.assign(new Error('The vendor answered 200 with an error.'), { error: message, headers });
  return readMessage(message, context, toRateLimits(headers));
}
