import type { Anthropic } from '@anthropic-ai/sdk';
import { resolveKey } from './resolve-key.js';
import { createScrub, type Scrub } from './scrub.js';
import { type AnthropicSettings, type Connection, resolveConnection } from './settings.js';

// The client's own clock starts a timer with it, so it must fit in 31 bits; the guard's clocks are the ones that count.
const longestTimeoutMs = 2 ** 31 - 1;

/** Sends one body to one path, with the key of that call. */
export interface OpenCall {
  /** Resolves with the headers. */
  post<T>(path: string, body: object): Promise<{ readonly data: T; readonly response: Response }>;
  readonly scrub: Scrub;
}

/** Opens calls on one client, which is made and loaded at the first of them. */
export function createOpener(settings: AnthropicSettings): (signal: AbortSignal) => Promise<OpenCall> {
  let opened: { readonly connection: Connection; readonly client: Anthropic } | undefined;
  const open = async () => {
    const connection = opened?.connection ?? resolveConnection(settings);
    opened ??= { connection, client: await createClient(connection, settings) };
    return opened;
  };
  return async (signal) => {
    const { connection, client } = await orAborted(open(), signal);
    const key = await orAborted(resolveKey(connection, settings), signal);
    return {
      scrub: createScrub([key, ...Object.values(settings.headers ?? {})]),
      // Not `messages.create`, which writes to the console about models and thinking that it holds for outdated.
      post: <T>(path: string, body: object) =>
        client
          .post<T>(path, {
            body,
            stream: 'stream' in body,
            signal,
            maxRetries: 0,
            timeout: longestTimeoutMs,
            headers: { ...(key !== undefined && { Authorization: `Bearer ${key}` }), ...settings.headers },
          })
          .withResponse(),
    };
  };
}

async function createClient({ baseUrl }: Connection, settings: AnthropicSettings): Promise<Anthropic> {
  const { Anthropic } = await import('@anthropic-ai/sdk');
  return new Anthropic({
    baseURL: baseUrl,
    // The key rides on each call. This one satisfies the constructor, which would look for profiles and tokens without
    // one, and is taken off again, so that none is sent without a key.
    apiKey: 'unused',
    defaultHeaders: { Authorization: null },
    webhookKey: null,
    maxRetries: 0,
    timeout: longestTimeoutMs,
    logLevel: 'off',
    // Spans of calls are the caller's business, and a second one would count each call twice.
    openTelemetry: false,
    // Elsewhere it would send a header that some organisations refuse.
    dangerouslyAllowBrowser: 'document' in globalThis,
    ...(settings.fetch && { fetch: settings.fetch }),
  });
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
