import { type IoOptions, type JsonValue, type Key, LociError, StoreUnavailableError } from '@loci/core';
import { abortable } from './abortable.js';
import { checkKeyId } from './check-options.js';
import { makeNonce, type Place, parseStored, toBinding, toStored } from './envelope.js';
import { DecryptionError } from './errors/decryption-error.js';
import { KeyErasedError } from './errors/key-erased-error.js';
import { KeyMissingError } from './errors/key-missing-error.js';
import type { Keys, PlatformKey } from './keys.js';
import { toCryptoKey } from './to-crypto-key.js';

const algorithm = 'AES-GCM';

/**
 * Encrypts and decrypts the values of one record (a document or a whole log) during one call. Each key is asked for
 * once, and forgotten with the call.
 */
export interface Cipher {
  /** What to store for the JSON text of a value. */
  seal(place: Place, text: string): Promise<JsonValue>;
  /** The value that was sealed at this place; anything else is a typed error that names the place. */
  open(place: Place, stored: JsonValue): Promise<JsonValue>;
  /** Whether it is sealed with the current key. Throws as `open` where its key is unknown or was destroyed. */
  isCurrent(place: Place, stored: JsonValue): Promise<boolean>;
}

export function createCipher(keys: Keys, key: Key, io: IoOptions | undefined): Cipher {
  const signal = io?.signal;
  const options = signal ? { signal } : {};
  const known = new Map<string, Promise<PlatformKey | 'erased' | undefined>>();
  let current: Promise<{ readonly id: string; readonly key: PlatformKey }> | undefined;

  const currentKey = () => {
    current ??= ask(async () => {
      const found = await keys.current(key, options);
      const id = checkKeyId(found?.id, 'keys.current().id');
      return { id, key: await toCryptoKey(found.key, 'keys.current().key') };
    }, signal);
    return current;
  };
  const findKey = (id: string) => {
    const asked =
      known.get(id) ??
      ask(async () => {
        const found = await keys.get(id, key, options);
        return found === undefined || found === 'erased' ? found : toCryptoKey(found, 'keys.get()');
      }, signal);
    known.set(id, asked);
    return asked;
  };
  const parse = async (place: Place, stored: JsonValue) => {
    const envelope = parseStored(place, stored);
    const found = await findKey(envelope.keyId);
    const seq = place.entry?.seq;
    if (found === 'erased') throw new KeyErasedError(key, seq, envelope.keyId);
    if (!found) throw new KeyMissingError(key, seq, envelope.keyId);
    return { ...envelope, key: found };
  };

  return {
    async seal(place, text) {
      const { id: keyId, key: secret } = await currentKey();
      const nonce = makeNonce();
      const data = await crypto.subtle.encrypt(
        { name: algorithm, iv: nonce, additionalData: toBinding(place, keyId) },
        secret,
        new TextEncoder().encode(text),
      );
      return toStored({ keyId, nonce, data: new Uint8Array(data) });
    },
    async open(place, stored) {
      const { keyId, nonce, data, key: secret } = await parse(place, stored);
      try {
        const text = await crypto.subtle.decrypt(
          { name: algorithm, iv: nonce, additionalData: toBinding(place, keyId) },
          secret,
          data,
        );
        return JSON.parse(new TextDecoder().decode(text)) as JsonValue;
      } catch {
        // The platform says only that it failed, for a changed text and for another key alike.
        throw new DecryptionError(key, place.entry?.seq, keyId);
      }
    },
    async isCurrent(place, stored) {
      // First, so that no new key is made for what was erased.
      const { keyId } = await parse(place, stored);
      return (await currentKey()).id === keyId;
    },
  };
}

async function ask<T>(run: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  try {
    return await abortable(run(), signal);
  } catch (error) {
    if (signal?.aborted || LociError.isInstance(error)) throw error;
    throw new StoreUnavailableError('its keys could not be fetched', error);
  }
}
