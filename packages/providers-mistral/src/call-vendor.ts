import type { SDKHooks } from '@mistralai/mistralai/hooks/hooks.js';
import type { ChatCompletionStreamRequest } from '@mistralai/mistralai/models/components';
import { recordBody } from './record-body.js';
import type { Connection, MistralSettings } from './settings.js';

/** The parts of the vendor's SDK that a call needs. The whole of it would load twice as long. */
export type Sdk = Awaited<ReturnType<typeof loadSdk>>;

export async function loadSdk() {
  const [{ MistralCore }, { chatStream }, { HTTPClient }, { SDKHooks }] = await Promise.all([
    import('@mistralai/mistralai/core.js'),
    import('@mistralai/mistralai/funcs/chatStream.js'),
    import('@mistralai/mistralai/lib/http.js'),
    import('@mistralai/mistralai/hooks/hooks.js'),
  ]);
  return { MistralCore, chatStream, HTTPClient, hooks: withoutHooks(new SDKHooks()) };
}

export interface VendorCall {
  readonly connection: Connection;
  readonly settings: MistralSettings;
  readonly key: string | undefined;
  readonly signal: AbortSignal;
  /** Told of the answer's head as soon as it is here, also of one that refuses. */
  readonly onHead: (status: number, headers: Headers) => void;
}

/** What came of a call: the SDK's own stream of events, or its error. */
export interface VendorAnswer {
  readonly events?: AsyncIterable<unknown>;
  readonly error?: unknown;
  /** An error that the server reported inside its stream, if it did. */
  readonly inBand: () => unknown;
}

/** One call through the vendor's SDK, with everything off that it would do by itself. Never rejects for what the SDK reports. */
export async function callVendor(
  sdk: Sdk,
  body: ChatCompletionStreamRequest,
  { connection, settings, key, signal, onHead }: VendorCall,
): Promise<VendorAnswer> {
  const { MistralCore, chatStream, HTTPClient, hooks } = sdk;
  let inBand: () => unknown = () => undefined;
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
    if (!response.ok || !response.body) return response;
    const recorded = recordBody(response.body);
    inBand = recorded.inBandError;
    const { status, statusText } = response;
    return new Response(recorded.body, { status, statusText, headers: response.headers });
  };
  const client = new MistralCore({
    serverURL: connection.baseUrl,
    // An absent key would be read from the environment and sent to any server.
    apiKey: '',
    httpClient: new HTTPClient({ fetcher }),
    retryConfig: { strategy: 'none' },
    // Only a number above 0 starts its clock, which covers the whole stream and would end healthy ones.
    timeoutMs: -1,
    ...(connection.debug && { debugLogger: silentLogger }),
    ...{ hooks },
  });
  const result = await chatStream(client, body, { retries: { strategy: 'none' } });
  return result.ok
    ? { events: result.value, inBand: () => inBand() }
    : { error: result.error, inBand: () => inBand() };
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
