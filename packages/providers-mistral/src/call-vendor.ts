import type { Endpoint } from '@loci/core/provider';
import type { SDKHooks } from '@mistralai/mistralai/hooks/hooks.js';
import type { ChatCompletionStreamRequest } from '@mistralai/mistralai/models/components';
import { recordBody } from './record-body.js';
import type { MistralSettings } from './settings.js';

/** The parts of the vendor's SDK that a call needs. The whole of it would load twice as long. */
export type Sdk = Awaited<ReturnType<typeof loadSdk>>;

export async function loadSdk({ baseUrl }: Endpoint) {
  const [{ MistralCore }, { chatStream }, { HTTPClient }, { SDKHooks }] = await Promise.all([
    import('@mistralai/mistralai/core.js'),
    import('@mistralai/mistralai/funcs/chatStream.js'),
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
  return { MistralCore, chatStream, HTTPClient, options };
}

export interface VendorCall {
  readonly settings: MistralSettings;
  readonly key: string | undefined;
  readonly signal: AbortSignal;
  /** Told of the answer's head as soon as it is here, also of one that refuses. */
  readonly onHead: (status: number, headers: Headers) => void;
  /** Told of a way to find an error that the server reports inside its stream, if it does. */
  readonly onBody: (inBand: () => unknown) => void;
}

/** One call through the vendor's SDK, with everything off that it would do by itself: its own stream of events. Rejects with its error. */
export async function callVendor(
  { MistralCore, chatStream, HTTPClient, options }: Sdk,
  body: ChatCompletionStreamRequest,
  { settings, key, signal, onHead, onBody }: VendorCall,
): Promise<AsyncIterable<unknown>> {
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
    if (response.ok && response.body) onBody(recordBody(response.body));
    return response;
  };
  const client = new MistralCore({ ...options, httpClient: new HTTPClient({ fetcher }) });
  const result = await chatStream(client, body, { retries: { strategy: 'none' } });
  if (result.ok) return result.value;
  throw result.error;
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
