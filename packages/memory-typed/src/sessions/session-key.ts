import { InvalidInputError, type Key } from '@loci/core';

/** What one segment of a key may take. */
const maxBytes = 512;

/** Where a session lies; `name`: its id, where the key holds only a hash of it. */
export interface SessionPlace {
  readonly key: Key;
  readonly name?: string;
}

/**
 * The place of an id below `prefix`: a segment of its own, so whatever it contains is only a name. One that does not
 * fit into a segment is named by its SHA-256. Rejects with `InvalidInputError` for what is no well-formed text.
 */
export async function placeOf(prefix: Key, id: string): Promise<SessionPlace> {
  if (typeof id !== 'string' || !id.isWellFormed()) {
    throw new InvalidInputError('id', 'is not a text of well-formed Unicode');
  }
  const bytes = new TextEncoder().encode(id);
  if (bytes.length <= maxBytes) return { key: [...prefix, 'session', id] };
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  const hex = Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return { key: [...prefix, 'session-hash', hex], name: id };
}

/** Below which keys sessions lie. */
export function placesBelow(prefix: Key): readonly Key[] {
  return [
    [...prefix, 'session'],
    [...prefix, 'session-hash'],
  ];
}

/** The id in a key; `undefined` where it is a hash. */
export function idIn(key: Key): string | undefined {
  return key.at(-2) === 'session' ? key.at(-1) : undefined;
}
