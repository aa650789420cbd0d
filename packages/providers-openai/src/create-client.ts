import type { Endpoint, ProviderCall } from '@loci/core/provider';
import type { OpenAI } from 'openai';
import type { OpenAISettings } from './settings.js';

// The client's own clock starts a timer with it, so it must fit in 31 bits; the guard's clocks are the ones that count.
const longestTimeoutMs = 2 ** 31 - 1;

type ClientSettings = Pick<OpenAISettings, 'organization' | 'project' | 'fetch' | 'headers'>;

/** The vendor's client, loaded when it is first needed, with everything off that it would do by itself. */
export async function createClient({ baseUrl }: Endpoint, settings: ClientSettings): Promise<OpenAI> {
  const { OpenAI } = await import('openai');
  return new OpenAI({
    baseURL: baseUrl,
    // The key rides on each call. This one satisfies the constructor and is taken off again, so that none is sent without a key.
    apiKey: 'unused',
    defaultHeaders: { Authorization: null },
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
    ...(settings.fetch && { fetch: settings.fetch }),
  });
}

/** What rides on one call: its signal, its key, the caller's headers. */
export function toCallOptions(
  { signal, key }: Pick<ProviderCall<OpenAI>, 'signal' | 'key'>,
  { headers }: ClientSettings,
): { readonly signal: AbortSignal; readonly headers: Record<string, string> } {
  return { signal, headers: { ...(key !== undefined && { Authorization: `Bearer ${key}` }), ...headers } };
}
