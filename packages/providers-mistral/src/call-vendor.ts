import type { Endpoint } from '@loci/core/provider';
import type { ChatCompletionStreamRequest } from '@mistralai/mistralai/models/components';
import { createClient, loadCore, withoutRetries } from './create-client.js';
import { recordBody } from './record-body.js';
import type { MistralSettings } from './settings.js';

/** The parts of the vendor's SDK that a chat needs. The whole of it would load twice as long. */
export type Sdk = Awaited<ReturnType<typeof loadSdk>>;

export async function loadSdk(endpoint: Endpoint) {
  const [core, { chatStream }] = await Promise.all([
    loadCore(endpoint),
    import('@mistralai/mistralai/funcs/chatStream.js'),
  ]);
  return { ...core, chatStream };
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

/** One call through the vendor's SDK: its own stream of events. Rejects with its error. */
export async function callVendor(
  { chatStream, ...core }: Sdk,
  body: ChatCompletionStreamRequest,
  { onBody, ...call }: VendorCall,
): Promise<AsyncIterable<unknown>> {
  const client = createClient(core, {
    ...call,
    onResponse(response) {
      if (response.ok && response.body) onBody(recordBody(response.body));
    },
  });
  const result = await chatStream(client, body, withoutRetries);
  if (result.ok) return result.value;
  throw result.error;
}
