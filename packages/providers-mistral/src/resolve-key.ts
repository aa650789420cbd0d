import { ModelError } from '@loci/core';
import { decision } from './failures.js';
import type { Connection, MistralSettings } from './settings.js';

/**
 * The key for one call; `undefined` for a server that was named without one. Rejects with `ModelError` `auth` where Mistral
 * itself would be called without a key, where the function for it failed, and for a key that no header can carry.
 */
export async function resolveKey(
  { apiKey, isMistral }: Connection,
  settings: MistralSettings,
): Promise<string | undefined> {
  const key = (typeof apiKey === 'function' ? await ask(apiKey) : apiKey)?.trim();
  if (key !== undefined && !/^[\x21-\x7e]*$/.test(key))
    throw auth('The Mistral API key has characters that a header cannot carry. Copy it again.');
  if (key) return key;
  const named = Object.keys(settings.headers ?? {}).some((name) =>
    /^(?:authorization|x-api-key)$/i.test(name),
  );
  if (isMistral && !named) throw auth('There is no Mistral API key. Set MISTRAL_API_KEY or pass `apiKey`.');
  return undefined;
}

async function ask(apiKey: () => string | Promise<string>): Promise<string> {
  let key: unknown;
  try {
    key = await apiKey();
  } catch (error) {
    // Its message may hold a credential; its name says enough to find it.
    throw auth(
      `The function for the Mistral API key failed (${error instanceof Error ? error.name : typeof error}).`,
    );
  }
  if (typeof key !== 'string' || key.trim() === '')
    throw auth('The function for the Mistral API key returned none.');
  return key;
}

function auth(message: string): ModelError {
  return new ModelError(message, decision('auth', 'credential', 'other'));
}
