import { createScrub, type Scrub } from '@loci/core/provider';

// How the keys of well-known vendors begin, and tokens of the web.
const keyLike =
  /\b(?:sk|pk|rk|gsk|xai|hf|nvapi|pplx|csk|tgp|fw|AIza|ya29|ghp|eyJ)[-_.]?[\w.*-]{6,}|\bBearer\s+\S+/g;
// A word that mixes letters and digits at this length is a key, or something that nobody misses in a message.
const opaque = /(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[\w-]{28,}/g;

/**
 * Removes these secrets from texts, also where they appear escaped, and everything that looks like a key: an AI SDK model
 * does not show the key that it was given, and servers may repeat it in their errors.
 */
export function createKeyScrub(secrets: readonly string[] = []): Scrub {
  return createScrub(secrets, keyLike);
}

/** Removes also what may be a key of a vendor that nobody knows: for the words of a server, not for its ids. */
export function hideOpaque(text: string): string {
  return text.replace(opaque, '[secret]');
}
