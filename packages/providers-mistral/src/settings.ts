import { checkSettings as check, isFlag, type ProviderSettings, type Vendor } from '@loci/core/provider';

export interface MistralSettings extends ProviderSettings {
  /**
   * The key, or a function that is asked for it before each call.
   * @default `MISTRAL_API_KEY`, for Mistral's own endpoints
   */
  readonly apiKey?: string | (() => string | Promise<string>);
  /** Of Mistral or any server that speaks its dialect, with or without a `/v1` at the end. @default `https://api.mistral.ai` */
  readonly baseUrl?: string;
  /** Name of the vendor in responses, origins and `request.vendor`. @default 'mistral' */
  readonly provider?: string;
  /** Sends `cache.affinityKey` as `prompt_cache_key`. @default true for Mistral's own endpoints, else false */
  readonly cacheKey?: boolean;
}

/** Its keys have no form of their own. */
export const vendor: Vendor = {
  name: 'mistral',
  title: 'Mistral',
  baseUrl: 'https://api.mistral.ai',
  domain: 'mistral.ai',
  keyVariable: 'MISTRAL_API_KEY',
};

/** Throws `InvalidInputError` with the path of the first setting that is not what it should be. */
export function checkSettings(modelId: string, settings: MistralSettings): void {
  check(modelId, settings, { cacheKey: isFlag });
}
