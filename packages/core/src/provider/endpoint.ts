import type { ProviderSettings } from './settings.js';

/** A vendor, as far as calls of any vendor need to know it. */
export interface Vendor {
  /** The provider's name where the settings have none, for example `openai`. */
  readonly name: string;
  /** As people write it, for messages. */
  readonly title: string;
  /** Its own endpoint. */
  readonly baseUrl: string;
  /** Its domain: servers there demand a key. */
  readonly domain: string;
  /** The environment variable that holds its key. */
  readonly keyVariable: string;
  /** The environment variable that names another endpoint. @default none is read */
  readonly urlVariable?: string;
  /** What its keys look like, with the flag `g`, to take them out of errors. @default they have no form of their own */
  readonly keyPattern?: RegExp;
}

/** Where calls go, after settings and environment are joined. */
export interface Endpoint {
  readonly baseUrl: string;
  /** True for the vendor's own endpoints. */
  readonly isVendor: boolean;
  /** Only a key that is meant for this endpoint. */
  readonly apiKey: ProviderSettings['apiKey'];
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Joins the settings with the environment: the one place of a provider that reads it. An empty variable counts as none.
 *
 * INVARIANT: a key of the environment goes only where the environment or the vendor itself is, never to a server that is
 * named in code.
 */
export function resolveEndpoint(
  { domain, keyVariable, urlVariable = '', ...vendor }: Vendor,
  settings: Pick<ProviderSettings, 'apiKey' | 'baseUrl'>,
  environment: Environment = (globalThis as { process?: { env: Environment } }).process?.env ?? {},
): Endpoint {
  const baseUrl = settings.baseUrl ?? (environment[urlVariable] || vendor.baseUrl);
  const { hostname } = new URL(baseUrl);
  const isVendor = hostname === domain || hostname.endsWith(`.${domain}`);
  const isMeant = isVendor || settings.baseUrl === undefined;
  const apiKey = settings.apiKey ?? ((isMeant && environment[keyVariable]) || undefined);
  return { baseUrl, isVendor, apiKey };
}
