import { ModelError } from '../model/model-error.js';
import type { Endpoint, Vendor } from './endpoint.js';
import { decisions } from './failures.js';
import type { ProviderSettings } from './settings.js';

/**
 * The key for one call, at once where it is no function; `undefined` for a server that was named without one. Fails with
 * `ModelError` `auth` where the vendor itself would be called without a key, where the function for it failed, and for a
 * key that no header can carry.
 */
export function resolveKey(
  { title, keyVariable }: Pick<Vendor, 'title' | 'keyVariable'>,
  { apiKey, isVendor }: Pick<Endpoint, 'apiKey' | 'isVendor'>,
  headers: ProviderSettings['headers'] = {},
): string | undefined | Promise<string | undefined> {
  const auth = (message: string) => new ModelError(message, decisions.auth);
  const check = (given: string | undefined) => {
    const key = given?.trim();
    if (key !== undefined && !/^[\x21-\x7e]*$/.test(key))
      throw auth(`The ${title} API key has characters that a header cannot carry. Copy it again.`);
    if (key) return key;
    const named = Object.keys(headers).some((name) => /^(?:authorization|(?:x-)?api-key)$/i.test(name));
    if (isVendor && !named)
      throw auth(`There is no ${title} API key. Set ${keyVariable} or pass \`apiKey\`.`);
    return undefined;
  };
  if (typeof apiKey !== 'function') return check(apiKey);
  return ask(apiKey).then(
    (key) => {
      if (typeof key !== 'string' || key.trim() === '')
        throw auth(`The function for the ${title} API key returned none.`);
      return check(key);
    },
    (error: unknown) => {
      // Its message may hold a credential; its name says enough to find it.
      const name = error instanceof Error ? error.name : typeof error;
      throw auth(`The function for the ${title} API key failed (${name}).`);
    },
  );
}

async function ask(apiKey: () => string | Promise<string>): Promise<unknown> {
  return apiKey();
}
