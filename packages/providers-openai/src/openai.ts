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
import type { OpenAI } from 'openai';
import { type Api, chooseApi } from './apis.js';
import { notAnAnswer } from './failures.js';
import type { AnswerContext } from './finish-answer.js';
import { isObject } from './is-object.js';
import { mapError } from './map-error.js';
import { resolveKey } from './resolve-key.js';
import { createScrub } from './scrub.js';
import {
  type Connection,
  checkSettings,
  defaultTimeouts,
  type OpenAISettings,
  resolveConnection,
} from './settings.js';
import { toOrigin } from './to-responses-request.js';
import { traitsOf } from './traits.js';

// The client's own clock starts a timer with it, so it must fit in 31 bits; the guard's clocks are the ones that count.
const longestTimeoutMs = 2 ** 31 - 1;

/**
 * A chat model of OpenAI, or of any server that speaks Chat Completions or Responses. Does no I/O; the vendor's SDK is loaded and the
 * environment is read when the model is first called. Throws `InvalidInputError` for settings that are none.
 *
 * @example
 * const model = openai('gpt-5.4-mini');
 * const local = openai('llama3.3', { baseUrl: 'http://localhost:11434/v1', provider: 'ollama' });
 */
export function openai(modelId: string, settings: OpenAISettings = {}): ChatModel {
  checkSettings(modelId, settings);
  const { provider = 'openai', clock = systemClock } = settings;
  const traits = traitsOf(modelId, settings.traits);
  const timeouts = { ...defaultTimeouts, ...settings.timeouts };
  let opened: { readonly connection: Connection; readonly client: OpenAI } | undefined;

  const open = async () => {
    const connection = opened?.connection ?? resolveConnection(settings);
    opened ??= { connection, client: await createClient(connection, settings) };
    return opened;
  };

  async function* stream(
    request: ChatRequest,
    options: CallOptions,
  ): AsyncGenerator<ChatEvent, void, undefined> {
    const guard = guardCall(options, timeouts, clock);
    let scrub = createScrub(Object.values(settings.headers ?? {}));
    let requestId: string | undefined;
    try {
      const { connection, client } = await orAborted(open(), guard.signal);
      const key = await orAborted(resolveKey(connection, settings), guard.signal);
      scrub = createScrub([key, ...Object.values(settings.headers ?? {})]);
      const cacheKey = settings.cacheKey ?? connection.isOpenAI;
      const api = chooseApi(modelId, connection, settings.api);
      const options = { ...settings, modelId, traits, cacheKey };
      const call = {
        signal: guard.signal,
        maxRetries: 0,
        timeout: longestTimeoutMs,
        headers: { ...(key !== undefined && { Authorization: `Bearer ${key}` }), ...settings.headers },
      };
      const { warnings, toolNames, send } = api.prepare(request, options);
      const { data, response } = await send(client, call);
      guard.headers();
      requestId = response.headers.get('x-request-id') ?? undefined;
      const notes = toNotes(response.headers);
      const context = {
        modelId,
        provider,
        warnings,
        toolNames,
        origin: toOrigin(options),
        clock,
        ...(requestId !== undefined && { requestId }),
      };
      const type = response.headers.get('content-type') ?? '';
      if (/\bjson\b/i.test(type)) {
        // A server that does not stream answers with the whole completion; the SDK has left its body unread.
        yield* readPlain(await response.text(), context, type, response.headers, api.read);
        return;
      }
      if (/\bhtml\b/i.test(type)) {
        data.controller.abort();
        throw notAnAnswer(type, requestId);
      }
      yield* api.fromStream(guard.watch(data), {
        ...context,
        notes,
        failure: () => guard.failure,
        onChunk: (hasContent) => guard.event(hasContent),
      });
    } catch (error) {
      // What the client throws after the guard ended the call is only the echo.
      throw (
        guard.failure ??
        mapError(error, { scrub, clock, provider, ...(requestId !== undefined && { requestId }) })
      );
    } finally {
      guard.close();
    }
  }

  return defineModel({ provider, modelId, traits, stream });
}

async function createClient(connection: Connection, settings: OpenAISettings): Promise<OpenAI> {
  const { OpenAI } = await import('openai');
  return new OpenAI({
    baseURL: connection.baseUrl,
    // The key rides on each call. This one satisfies the constructor and is taken off again, so that none is sent without a key.
    apiKey: 'unused',
    defaultHeaders: { Authorization: null },
    adminAPIKey: null,
    organization: settings.organization ?? null,
    project: settings.project ?? null,
    webhookSecret: null,
    // Anything but a whole number from 0 would silently mean 2.
    maxRetries: 0,
    timeout: longestTimeoutMs,
    logLevel: 'off',
    // The key is the caller's business, also in a browser.
    dangerouslyAllowBrowser: true,
    ...(settings.fetch && { fetch: settings.fetch }),
  });
}

function* readPlain(
  text: string,
  context: AnswerContext,
  type: string,
  headers: Headers,
  read: Api['read'],
): Generator<ChatEvent> {
  if (text.trim() === '') throw notAnAnswer(`${type} and an empty body`, context.requestId);
  const answer = JSON.parse(text) as unknown;
  // A response of the Responses API says `error: null`, or has a status that says more.
  if (isObject(answer) && answer['error'] && answer['status'] === undefined) {
    throw Object.assign(new Error('The vendor answered 200 with an error.'), {
      error: answer['error'],
      headers,
    });
  }
  const { events, response } = read(answer, context);
  yield* events;
  yield { type: 'finish', response };
}

/** The vendor's rate limits as it stated them, by the end of the header's name. */
function toNotes(headers: Headers): { readonly [name: string]: JsonValue } {
  const limits = [...headers].flatMap(([name, value]) =>
    name.startsWith('x-ratelimit-') ? [[name.slice(12), value] as const] : [],
  );
  return limits.length > 0 ? { rateLimits: Object.fromEntries(limits) } : {};
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
