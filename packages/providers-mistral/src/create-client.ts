import type { Endpoint } from '@loci/core/provider';
import type { MistralCore } from '@mistralai/mistralai/core.js';
import type { SDKHooks } from '@mistralai/mistralai/hooks/hooks.js';
import type { MistralSettings } from './settings.js';

/** The parts of the vendor's SDK that every call needs. */
export type SdkCore = Awaited<ReturnType<typeof loadCore>>;

export async function loadCore({ baseUrl }: Endpoint) {
  const [{ MistralCore }, { HTTPClient }, { SDKHooks }] = await Promise.all([
    import('@mistralai/mistralai/core.js'),
    import('@mistralai/mistralai/lib/http.js'),
    import('@mistralai/mistralai/hooks/hooks.js'),
  ]);
  const options = {
    // Without the `/v1` that the SDK adds.
    serverURL: baseUrl.replace(/(?:\/v1)?\/*$/, ''),
    // An absent key would be read from the environment and sent to any server.
    apiKey: '',
    retryConfig: { strategy: 'none' as const },
    // Only a number above 0 starts its clock, which covers the whole stream and would end healthy ones.
    timeoutMs: -1,
    // Where this is set the SDK would print requests, prompts and all, to the console.
    ...(globalThis.process?.env['MISTRAL_DEBUG'] && { debugLogger: silentLogger }),
    ...{ hooks: withoutHooks(new SDKHooks()) },
  };
  return { MistralCore, HTTPClient, options };
}

/** Goes with every call. */
export const withoutRetries = { retries: { strategy: 'none' } } as const;

export interface ClientCall {
  readonly settings: Pick<MistralSettings, 'headers' | 'fetch'>;
  readonly key: string | undefined;
  readonly signal: AbortSignal;
  /** Told of the answer's head as soon as it is here, also of one that refuses. */
  readonly onHead: (status: number, headers: Headers) => void;
  /** Told of the answer before the SDK reads it. */
  readonly onResponse?: (response: Response) => void;
}

/** A client of the vendor's SDK for one call, with everything off that it would do by itself. */
export function createClient(
  { MistralCore, HTTPClient, options }: SdkCore,
  { settings, key, signal, onHead, onResponse }: ClientCall,
): MistralCore {
  // The SDK's own `signal` option must not be used: after a garbage collection its abort is lost. See the tests.
  const fetcher = async (input: Request | URL | string) => {
    const request = input instanceof Request ? input : new Request(input);
    const { headers } = request;
    // The key is put on here, below everything that the SDK may log.
    headers.delete('cookie');
    headers.delete('authorization');
    if (key !== undefined) headers.set('authorization', `Bearer ${key}`);
    for (const [name, value] of Object.entries(settings.headers ?? {})) headers.set(name, value);
    const response = await (settings.fetch ?? fetch)(request, { signal });
    onHead(response.status, response.headers);
    onResponse?.(response);
    return response;
  };
  return new MistralCore({ ...options, httpClient: new HTTPClient({ fetcher }) });
}

const silentLogger = { group: () => {}, groupEnd: () => {}, log: () => {} };

/** Without its hooks the SDK makes no spans of its own, prints no warnings and copies no bodies. */
function withoutHooks(hooks: SDKHooks): SDKHooks {
  hooks.sdkInitHooks = [];
  hooks.beforeCreateRequestHooks = [];
  hooks.beforeRequestHooks = [];
  hooks.afterSuccessHooks = [];
  hooks.afterErrorHooks = [];
  return hooks;
}
