import { carrySignal, type Endpoint, type ProviderCall, withSignals } from '@loci/core/provider';
import type { OpenAI } from 'openai';
import type { OpenAISettings } from './settings.js';

// The client's own clock starts a timer with it, so it must fit in 31 bits; the guard's clocks are the ones that count.
const longestTimeoutMs = 2 ** 31 - 1;

type ClientSettings = Pick<OpenAISettings, 'organization' | 'project' | 'fetch' | 'headers'>;

/** The vendor's client for a key. It is made anew only for another key: options of a call cost more than those of the client. */
export type ClientFor = (key: string | undefined) => OpenAI;

/** The vendor's clients, loaded when one is first needed, with everything off that they would do by themselves. */
export async function loadClients({ baseUrl }: Endpoint, settings: ClientSettings): Promise<ClientFor> {
  const { OpenAI } = await import('openai');
  let last: { readonly key: string | undefined; readonly client: OpenAI } | undefined;
  const create = (key: string | undefined) =>
    new OpenAI({
      baseURL: baseUrl,
      // Without a key, this one satisfies the constructor and is taken off again, so that none is sent.
      apiKey: key ?? 'unused',
      defaultHeaders: { ...(key === undefined && { Authorization: null }), ...settings.headers },
      adminAPIKey: null,
      organization: settings.organization ?? null,
      project: settings.project ?? null,
      webhookSecret: null,
      // Anything but a whole number from 0 would silently mean 2.
      maxRetries: 0,
      timeout: longestTimeoutMs,
      logLevel: 'off',
      // The key is the caller's business, also in a browser.
      dangerouslyAllowBrowser: true,
      fetch: withSignals(settings.fetch),
    });
  return (key) => {
    if (!last || last.key !== key) last = { key, client: create(key) };
    return last.client;
  };
}

/** What rides on one call: its signal. */
export function toCallOptions({ signal }: Pick<ProviderCall<unknown>, 'signal'>): {
  readonly fetchOptions: object;
} {
  return { fetchOptions: carrySignal(signal) };
}
