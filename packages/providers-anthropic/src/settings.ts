import { checkSettings as check, isOneOf, type ProviderSettings, type Vendor } from '@loci/core/provider';

export interface AnthropicSettings extends ProviderSettings {
  /**
   * The key, or a function that is asked for it before each call. Sent as a bearer token.
   * @default `ANTHROPIC_API_KEY`, for Anthropic's own endpoint and where `ANTHROPIC_BASE_URL` names the endpoint
   */
  readonly apiKey?: string | (() => string | Promise<string>);
  /** Of Anthropic or any compatible server, with or without `/v1`. @default `ANTHROPIC_BASE_URL`, else `https://api.anthropic.com` */
  readonly baseUrl?: string;
  /** Name of the vendor in responses, origins and `request.vendor`. @default 'anthropic' */
  readonly provider?: string;
  /** The maximum where a request has none: the vendor demands one. @default 32,000, or the model's own where that is less */
  readonly maxTokens?: number;
  /** How long a marked prefix is kept; an hour costs more to write. @default '5m' */
  readonly cacheTtl?: '5m' | '1h';
}

export const vendor: Vendor = {
  name: 'anthropic',
  title: 'Anthropic',
  baseUrl: 'https://api.anthropic.com',
  domain: 'anthropic.com',
  keyVariable: 'ANTHROPIC_API_KEY',
  urlVariable: 'ANTHROPIC_BASE_URL',
  keyPattern: /\bsk-[\w*-]{6,}/g,
};

/** Throws `InvalidInputError` with the path of the first setting that is not what it should be. */
export function checkSettings(modelId: string, settings: AnthropicSettings): void {
  check(modelId, settings, {
    maxTokens: [(value) => Number.isInteger(value) && Number(value) > 0, 'is not a positive whole number'],
    cacheTtl: isOneOf('5m', '1h'),
  });
}
