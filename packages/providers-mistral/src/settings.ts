import { type CallTimeouts, type Clock, InvalidInputError, type ModelTraits } from '@loci/core';

export interface MistralSettings {
  /**
   * The key, or a function that is asked for it before each call.
   * @default `MISTRAL_API_KEY`, for Mistral's own endpoints
   */
  readonly apiKey?: string | (() => string | Promise<string>);
  /** Of Mistral or any server that speaks its dialect, with or without a `/v1` at the end. @default `https://api.mistral.ai` */
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
  /** Name of the vendor in responses, origins and `request.vendor`. @default 'mistral' */
  readonly provider?: string;
  /** Sends `cache.affinityKey` as `prompt_cache_key`. @default true for Mistral's own endpoints, else false */
  readonly cacheKey?: boolean;
}

/** Limits where neither the call nor the settings have one. Reasoning models may think for minutes before their first word. */
export const defaultTimeouts: CallTimeouts = Object.freeze({
  headersMs: 120_000,
  firstContentMs: 300_000,
  idleMs: 60_000,
});

/** Where calls go, after settings and environment are joined. Holds no key. */
export interface Connection {
  /** Without the `/v1` that the SDK adds. */
  readonly baseUrl: string;
  /** True for Mistral's own endpoints. */
  readonly isMistral: boolean;
  readonly apiKey: MistralSettings['apiKey'];
  /** True where the SDK would print requests, prompts and all, to the console. */
  readonly debug: boolean;
}

const defaultBaseUrl = 'https://api.mistral.ai';

/** Joins the settings with the environment: the one place that reads it. */
export function resolveConnection(settings: MistralSettings, environment = readEnvironment()): Connection {
  const baseUrl = (settings.baseUrl ?? defaultBaseUrl).replace(/(?:\/v1)?\/*$/, '');
  const { hostname } = new URL(baseUrl);
  const isMistral = hostname === 'mistral.ai' || hostname.endsWith('.mistral.ai');
  // A key from the environment goes only to Mistral itself: not to a server named in code.
  const apiKey = settings.apiKey ?? (isMistral ? environment.apiKey : undefined);
  return { baseUrl, isMistral, apiKey, debug: environment.debug };
}

function readEnvironment(): { readonly apiKey: string | undefined; readonly debug: boolean } {
  const environment = globalThis.process?.env ?? {};
  // An empty variable means the same as none.
  return {
    apiKey: environment['MISTRAL_API_KEY'] || undefined,
    debug: Boolean(environment['MISTRAL_DEBUG']),
  };
}

/** Throws `InvalidInputError` with the path of the first setting that is not what it should be. */
export function checkSettings(modelId: string, settings: MistralSettings): void {
  const check = (holds: boolean, path: string, reason: string) => {
    if (!holds) throw new InvalidInputError(path, `is ${reason}`);
  };
  const isName = (value: unknown) => typeof value === 'string' && value !== '';
  check(isName(modelId), 'modelId', 'no model id');
  check(typeof settings === 'object' && settings !== null, 'settings', 'no object');
  const optional = (name: keyof MistralSettings, holds: (value: never) => boolean, reason: string) =>
    check(settings[name] === undefined || holds(settings[name] as never), `settings.${name}`, reason);
  optional('apiKey', (value) => typeof value === 'function' || isName(value), 'neither a key nor a function');
  optional('baseUrl', isHttpUrl, 'no http or https URL');
  optional('provider', isName, 'no name');
  optional('fetch', (value) => typeof value === 'function', 'no function');
  optional(
    'clock',
    (clock: Clock) => typeof clock.now === 'function' && typeof clock.after === 'function',
    'no clock',
  );
  optional('cacheKey', (value) => typeof value === 'boolean', 'neither true nor false');
  for (const [name, value] of Object.entries(settings.headers ?? {}))
    check(typeof value === 'string', `settings.headers.${name}`, 'no string');
  for (const [name, value] of Object.entries(settings.timeouts ?? {}))
    check(
      value === undefined || (Number.isFinite(value) && value >= 0),
      `settings.timeouts.${name}`,
      'no number of milliseconds',
    );
}

function isHttpUrl(value: unknown): boolean {
  return typeof value === 'string' && URL.canParse(value) && /^https?:$/.test(new URL(value).protocol);
}
