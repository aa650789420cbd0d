import { type CallTimeouts, type Clock, InvalidInputError, type ModelTraits } from '@loci/core';

export interface AnthropicSettings {
  /**
   * The key, or a function that is asked for it before each call. Sent as a bearer token.
   * @default `ANTHROPIC_API_KEY`, for Anthropic's own endpoint and where `ANTHROPIC_BASE_URL` names the endpoint
   */
  readonly apiKey?: string | (() => string | Promise<string>);
  /** Of Anthropic or any compatible server, with or without `/v1`. @default `ANTHROPIC_BASE_URL`, else `https://api.anthropic.com` */
  readonly baseUrl?: string;
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
  /** Name of the vendor in responses, origins and `request.vendor`. @default 'anthropic' */
  readonly provider?: string;
  /** The maximum where a request has none: the vendor demands one. @default 32,000, or the model's own where that is less */
  readonly maxTokens?: number;
  /** How long a marked prefix is kept; an hour costs more to write. @default '5m' */
  readonly cacheTtl?: '5m' | '1h';
}

/** Limits where neither the call nor the settings have one. A model may think for minutes before its first word. */
export const defaultTimeouts: CallTimeouts = Object.freeze({
  headersMs: 120_000,
  firstContentMs: 300_000,
  idleMs: 60_000,
});

/** Where calls go, after settings and environment are joined. Holds no key of the environment that is not meant for it. */
export interface Connection {
  /** As the vendor's client wants it: without `/v1`. */
  readonly baseUrl: string;
  /** True for Anthropic's own endpoint. */
  readonly isAnthropic: boolean;
  readonly apiKey: AnthropicSettings['apiKey'];
}

const defaultBaseUrl = 'https://api.anthropic.com';

/** Joins the settings with the environment: the one place that reads it. */
export function resolveConnection(settings: AnthropicSettings, environment = readEnvironment()): Connection {
  const baseUrl = settings.baseUrl ?? environment.baseUrl ?? defaultBaseUrl;
  const { hostname } = new URL(baseUrl);
  const isAnthropic = hostname === 'anthropic.com' || hostname.endsWith('.anthropic.com');
  // A key from the environment goes only where the environment or Anthropic itself is: not to a server named in code.
  const apiKey =
    settings.apiKey ?? (isAnthropic || settings.baseUrl === undefined ? environment.apiKey : undefined);
  return { baseUrl: baseUrl.replace(/\/+$/, '').replace(/\/v1$/, ''), isAnthropic, apiKey };
}

function readEnvironment(): { readonly apiKey: string | undefined; readonly baseUrl: string | undefined } {
  const environment = globalThis.process?.env ?? {};
  // An empty variable means the same as none.
  return {
    apiKey: environment['ANTHROPIC_API_KEY'] || undefined,
    baseUrl: environment['ANTHROPIC_BASE_URL'] || undefined,
  };
}

/** Throws `InvalidInputError` with the path of the first setting that is not what it should be. */
export function checkSettings(modelId: string, settings: AnthropicSettings): void {
  require(typeof modelId === 'string' && modelId !== '', 'modelId', 'is not a model id');
  require(typeof settings === 'object' && settings !== null, 'settings', 'is not an object');
  const { apiKey, baseUrl, headers, timeouts, fetch, clock, provider, maxTokens, cacheTtl } = settings;
  require(apiKey === undefined ||
    typeof apiKey === 'function' ||
    (typeof apiKey === 'string' && apiKey !== ''), 'settings.apiKey', 'is neither a key nor a function');
  require(baseUrl === undefined || isHttpUrl(baseUrl), 'settings.baseUrl', 'is not an http or https URL');
  require(provider === undefined ||
    (typeof provider === 'string' && provider !== ''), 'settings.provider', 'is not a name');
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
  require(maxTokens === undefined ||
    (Number.isInteger(maxTokens) && maxTokens > 0), 'settings.maxTokens', 'is not a positive whole number');
  require(cacheTtl === undefined ||
    cacheTtl === '5m' ||
    cacheTtl === '1h', 'settings.cacheTtl', "is neither '5m' nor '1h'");
}

function require(holds: boolean, path: string, reason: string): void {
  if (!holds) throw new InvalidInputError(path, reason);
}

function isHttpUrl(value: unknown): boolean {
  return typeof value === 'string' && URL.canParse(value) && /^https?:$/.test(new URL(value).protocol);
}
