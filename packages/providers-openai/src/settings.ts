import { type CallTimeouts, type Clock, InvalidInputError, type ModelTraits } from '@loci/core';

export interface OpenAISettings {
  /**
   * The key, or a function that is asked for it before each call.
   * @default `OPENAI_API_KEY`, for OpenAI's own endpoints and where `OPENAI_BASE_URL` names the endpoint
   */
  readonly apiKey?: string | (() => string | Promise<string>);
  /** Of OpenAI or any compatible server. @default `OPENAI_BASE_URL`, else `https://api.openai.com/v1` */
  readonly baseUrl?: string;
  /**
   * Which of the vendor's two APIs is called. `auto`: Responses for reasoning models at OpenAI's own endpoints, because
   * there they go on from their own reasoning between the calls of tools; Chat Completions everywhere else.
   * @default 'auto'
   */
  readonly api?: 'auto' | 'chat' | 'responses';
  readonly organization?: string;
  readonly project?: string;
  /** Sent with every request; they win over the provider's own. Treated as secrets in errors. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Limits of each call where the call sets none. @default headers 120 s, first content 300 s, idle 60 s, no total */
  readonly timeouts?: CallTimeouts;
  /** @default the platform's */
  readonly fetch?: typeof globalThis.fetch;
  /** @default the machine's own */
  readonly clock?: Clock;
  /** What is known about the model, over the built-in table. Features that are 'no' are not sent, with a warning. */
  readonly traits?: Partial<Omit<ModelTraits, 'features'>> & {
    readonly features?: Partial<ModelTraits['features']>;
  };
  /** Name of the vendor in responses, origins and `request.vendor`. @default 'openai' */
  readonly provider?: string;
  /** Asks for usage at the end of the stream. Turn it off for servers that refuse `stream_options`. @default true */
  readonly streamUsage?: boolean;
  /** Sends `cache.affinityKey` as `prompt_cache_key`. @default true for OpenAI's own endpoints, else false */
  readonly cacheKey?: boolean;
  /** The field for `maxOutputTokens`; some older servers know only `max_tokens`. @default 'max_completion_tokens' */
  readonly maxTokensField?: 'max_completion_tokens' | 'max_tokens';
}

/** Limits where neither the call nor the settings have one. Reasoning models may think for minutes before their first word. */
export const defaultTimeouts: CallTimeouts = Object.freeze({
  headersMs: 120_000,
  firstContentMs: 300_000,
  idleMs: 60_000,
});

/** Where calls go, after settings and environment are joined. Holds no key. */
export interface Connection {
  readonly baseUrl: string;
  /** True for OpenAI's own endpoints. */
  readonly isOpenAI: boolean;
  readonly apiKey: OpenAISettings['apiKey'];
}

const defaultBaseUrl = 'https://api.openai.com/v1';

/** Joins the settings with the environment: the one place that reads it. */
export function resolveConnection(settings: OpenAISettings, environment = readEnvironment()): Connection {
  const baseUrl = settings.baseUrl ?? environment.baseUrl ?? defaultBaseUrl;
  const { hostname } = new URL(baseUrl);
  const isOpenAI = hostname === 'openai.com' || hostname.endsWith('.openai.com');
  // A key from the environment goes only where the environment or OpenAI itself is: not to a server named in code.
  const apiKey =
    settings.apiKey ?? (isOpenAI || settings.baseUrl === undefined ? environment.apiKey : undefined);
  return { baseUrl, isOpenAI, apiKey };
}

function readEnvironment(): { readonly apiKey: string | undefined; readonly baseUrl: string | undefined } {
  const environment = globalThis.process?.env ?? {};
  // An empty variable means the same as none.
  return {
    apiKey: environment['OPENAI_API_KEY'] || undefined,
    baseUrl: environment['OPENAI_BASE_URL'] || undefined,
  };
}

/** Throws `InvalidInputError` with the path of the first setting that is not what it should be. */
export function checkSettings(modelId: string, settings: OpenAISettings): void {
  require(typeof modelId === 'string' && modelId !== '', 'modelId', 'is not a model id');
  require(typeof settings === 'object' && settings !== null, 'settings', 'is not an object');
  const { apiKey, api, baseUrl, headers, timeouts, fetch, clock, maxTokensField } = settings;
  require(apiKey === undefined ||
    typeof apiKey === 'function' ||
    (typeof apiKey === 'string' && apiKey !== ''), 'settings.apiKey', 'is neither a key nor a function');
  require(api === undefined ||
    ['auto', 'chat', 'responses'].includes(api), 'settings.api', "is none of 'auto', 'chat' and 'responses'");
  require(baseUrl === undefined || isHttpUrl(baseUrl), 'settings.baseUrl', 'is not an http or https URL');
  for (const name of ['organization', 'project', 'provider'] as const) {
    const value = settings[name];
    require(value === undefined ||
      (typeof value === 'string' && value !== ''), `settings.${name}`, 'is not a name');
  }
  for (const [name, value] of Object.entries(headers ?? {}))
    require(typeof value === 'string', `settings.headers.${name}`, 'is not a string');
  for (const [name, value] of Object.entries(timeouts ?? {})) {
    require(value === undefined ||
      (Number.isFinite(value) && value >= 0), `settings.timeouts.${name}`, 'is not a number of milliseconds');
  }
  require(fetch === undefined || typeof fetch === 'function', 'settings.fetch', 'is not a function');
  require(clock === undefined ||
    (typeof clock.now === 'function' &&
      typeof clock.after === 'function'), 'settings.clock', 'is not a clock');
  for (const name of ['streamUsage', 'cacheKey'] as const) {
    require(settings[name] === undefined ||
      typeof settings[name] === 'boolean', `settings.${name}`, 'is not true or false');
  }
  require(maxTokensField === undefined ||
    maxTokensField === 'max_completion_tokens' ||
    maxTokensField ===
      'max_tokens', 'settings.maxTokensField', "is neither 'max_completion_tokens' nor 'max_tokens'");
}

function require(holds: boolean, path: string, reason: string): void {
  if (!holds) throw new InvalidInputError(path, reason);
}

function isHttpUrl(value: unknown): boolean {
  return typeof value === 'string' && URL.canParse(value) && /^https?:$/.test(new URL(value).protocol);
}
