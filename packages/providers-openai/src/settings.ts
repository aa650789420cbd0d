import {
  checkSettings as check,
  isFlag,
  isName,
  isOneOf,
  type ProviderSettings,
  type Vendor,
} from '@loci/core/provider';

export interface OpenAISettings extends ProviderSettings {
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
  /** Name of the vendor in responses, origins and `request.vendor`. @default 'openai' */
  readonly provider?: string;
  /** Asks for usage at the end of the stream. Turn it off for servers that refuse `stream_options`. @default true */
  readonly streamUsage?: boolean;
  /** Sends `cache.affinityKey` as `prompt_cache_key`. @default true for OpenAI's own endpoints, else false */
  readonly cacheKey?: boolean;
  /** The field for `maxOutputTokens`; some older servers know only `max_tokens`. @default 'max_completion_tokens' */
  readonly maxTokensField?: 'max_completion_tokens' | 'max_tokens';
}

export const vendor: Vendor = {
  name: 'openai',
  title: 'OpenAI',
  baseUrl: 'https://api.openai.com/v1',
  domain: 'openai.com',
  keyVariable: 'OPENAI_API_KEY',
  urlVariable: 'OPENAI_BASE_URL',
  keyPattern: /\bsk-[\w*-]{6,}/g,
};

/** Throws `InvalidInputError` with the path of the first setting that is not what it should be. */
export function checkSettings(modelId: string, settings: OpenAISettings): void {
  check(modelId, settings, {
    api: isOneOf('auto', 'chat', 'responses'),
    organization: isName,
    project: isName,
    streamUsage: isFlag,
    cacheKey: isFlag,
    maxTokensField: isOneOf('max_completion_tokens', 'max_tokens'),
  });
}
