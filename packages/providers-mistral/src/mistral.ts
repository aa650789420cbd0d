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
import { callVendor, loadSdk, type Sdk } from './call-vendor.js';
import { readCompletion } from './from-response.js';
import { fromMistralStream } from './from-stream.js';
import { type MapErrorOptions, mapError } from './map-error.js';
import { isObject } from './read.js';
import { resolveKey } from './resolve-key.js';
import { readRequestId } from './retry-after.js';
import { createScrub } from './scrub.js';
import { checkSettings, defaultTimeouts, type MistralSettings, resolveConnection } from './settings.js';
import { toMistralRequest } from './to-request.js';
import { traitsOf } from './traits.js';

/**
 * A chat model of Mistral, or of any server that speaks its dialect. Does no I/O; the vendor's SDK is loaded and the
 * environment is read when the model is first called. Throws `InvalidInputError` for settings that are none.
 *
 * @example
 * const model = mistral('mistral-medium-3-5');
 * const own = mistral('mistral-small-2603', { baseUrl: 'http://localhost:8000' });
 */
export function mistral(modelId: string, settings: MistralSettings = {}): ChatModel {
  checkSettings(modelId, settings);
  const { provider = 'mistral', clock = systemClock } = settings;
  const traits = traitsOf(modelId, settings.traits);
  const timeouts = { ...defaultTimeouts, ...settings.timeouts };
  let connection: ReturnType<typeof resolveConnection> | undefined;
  let sdk: Sdk | undefined;

  const open = async () => {
    connection ??= resolveConnection(settings);
    sdk ??= await loadSdk();
    return { connection, sdk };
  };

  async function* stream(
    request: ChatRequest,
    options: CallOptions,
  ): AsyncGenerator<ChatEvent, void, undefined> {
    const guard = guardCall(options, timeouts, clock);
    const hidden = Object.values(settings.headers ?? {});
    let known: MapErrorOptions = { scrub: createScrub(hidden), clock, provider };
    let inBand: () => unknown = () => undefined;
    let headers = new Headers();
    try {
      const opened = await orAborted(open(), guard.signal);
      const key = await orAborted(resolveKey(opened.connection, settings), guard.signal);
      known = { ...known, scrub: createScrub([key, ...hidden]) };
      const cacheKey = settings.cacheKey ?? opened.connection.isMistral;
      const { body, warnings, toolNames } = toMistralRequest(request, {
        provider,
        modelId,
        traits,
        cacheKey,
      });
      const answer = await orAborted(
        callVendor(opened.sdk, body, {
          connection: opened.connection,
          settings,
          key,
          signal: guard.signal,
          onHead(status, received) {
            guard.headers();
            headers = received;
            const requestId = readRequestId(received);
            known = { ...known, status, ...(requestId !== undefined && { requestId }) };
          },
        }),
        guard.signal,
      );
      inBand = answer.inBand;
      const { requestId } = known;
      const context = {
        modelId,
        provider,
        warnings,
        toolNames,
        clock,
        ...(requestId !== undefined && { requestId }),
      };
      if (!answer.events) {
        const completion = readPlainBody(answer.error);
        if (completion === undefined) throw answer.error;
        // A server that does not stream answers with the whole completion, which the SDK takes for an error.
        if (!('choices' in completion)) {
          inBand = () => completion;
          throw new SyntaxError('The server answered 200 with something else.');
        }
        const { events, response } = readCompletion(completion, context);
        yield* events;
        yield { type: 'finish', response };
        return;
      }
      yield* fromMistralStream(guard.watch(answer.events), {
        ...context,
        notes: toNotes(headers),
        failure: () => guard.failure,
        onChunk: (hasContent) => guard.event(hasContent),
      });
    } catch (error) {
      // What the client throws after the guard ended the call is only the echo.
      throw guard.failure ?? mapError(error, { ...known, inBand: inBand() });
    } finally {
      guard.close();
    }
  }

  return defineModel({ provider, modelId, traits, stream });
}

/** The JSON that came with status 200 where a stream was asked for. */
function readPlainBody(error: unknown): Readonly<Record<string, unknown>> | undefined {
  if (!isObject(error) || error['statusCode'] !== 200 || typeof error['body'] !== 'string') return undefined;
  try {
    const body = JSON.parse(error['body']) as unknown;
    return isObject(body) ? body : undefined;
  } catch {
    return undefined;
  }
}

/** The vendor's rate limits as it stated them, by the end of the header's name, and when the model will be withdrawn. */
function toNotes(headers: Headers): { readonly [name: string]: JsonValue } {
  const limits = [...headers].flatMap(([name, value]) =>
    name.startsWith('x-ratelimit-') ? [[name.slice(12), value] as const] : [],
  );
  const withdrawnAt = headers.get('x-model-deprecation-timestamp');
  return {
    ...(limits.length > 0 && { rateLimits: Object.fromEntries(limits) }),
    ...(withdrawnAt !== null && { withdrawnAt }),
  };
}

/** The promise, or the reason of the signal, whichever is first. */
async function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  let stop = () => {};
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
  });
  // Whoever loses the race is nobody's business any more.
  promise.catch(() => {});
  try {
    return await Promise.race([aborted, promise]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
