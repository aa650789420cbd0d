import { InvalidInputError } from '@loci/core';
import type { KeyMaterial, PlatformKey } from './keys.js';

const algorithm = 'AES-GCM';

/** A key that can be used, or `InvalidInputError` where it is not one of 256 bits for AES-GCM. */
export async function toCryptoKey(material: KeyMaterial, path: string): Promise<PlatformKey> {
  if (material instanceof Uint8Array)
    return crypto.subtle.importKey('raw', copyOf(material, path), algorithm, false, ['encrypt', 'decrypt']);
  const { name, length } = (material?.algorithm ?? {}) as Partial<AesKeyAlgorithm>;
  if (name === algorithm && length === 256) return material;
  throw new InvalidInputError(path, 'is neither 32 bytes nor a CryptoKey of 256 bits for AES-GCM');
}

/** A copy of the 32 bytes of a key, which nobody else can change. */
export function copyOf(bytes: unknown, path: string): Uint8Array<ArrayBuffer> {
  if (bytes instanceof Uint8Array && bytes.length === 32) return new Uint8Array(bytes);
  throw new InvalidInputError(path, 'is not a Uint8Array of 32 bytes');
}
