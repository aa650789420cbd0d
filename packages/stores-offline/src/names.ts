import { encodeKey, hashText, type Key } from '@loci/core';

/** Of a record on the server, for maps: documents and logs are apart. */
export type Name = string;

export const documentName = (key: Key): Name => `d ${encodeKey(key)}`;
export const logName = (key: Key): Name => `l ${encodeKey(key)}`;

const root = 'offline';
const longest = 500;
const pad = (count: number, digits: number) => String(count).padStart(digits, '0');

/** The keys of the journal. Everything that is written there lies under `offline`. */
export const places = Object.freeze({
  lease: [root, 'lease'] as Key,
  queue: [root, 'queue'] as Key,
  refused: [root, 'refused'] as Key,
  conflicts: [root, 'conflicts'] as Key,
  documents: [root, 'documents'] as Key,
  logs: [root, 'logs'] as Key,
  document: (key: Key): Key => [root, 'documents', segment(key)],
  log: (key: Key): Key => [root, 'logs', segment(key)],
  entries: (key: Key): Key => [root, 'entries', segment(key)],
  chunk: (key: Key, index: number): Key => [root, 'entries', segment(key), pad(index, 12)],
});

/** Of a queued write; in the order of the queue: by the generation of the lease, then by the number in it. */
export function queueId(generation: number, count: number): string {
  return `${pad(generation, 9)}-${pad(count, 9)}`;
}

/**
 * A key as one segment. The longest ones are cut and told apart by a short digest: their records hold the whole key,
 * so that two of them never pass for each other.
 */
function segment(key: Key): string {
  const encoded = encodeKey(key);
  return encoded.length <= longest ? encoded : `${encoded.slice(0, longest - 12)}~${hashText(encoded)}`;
}
