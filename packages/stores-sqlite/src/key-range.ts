import { encodeKey, type Key } from '@loci/core';

/** The encoded keys under a prefix: from the first, inclusive, to below the second. */
export interface KeyRange {
  readonly from: string;
  readonly below: string;
}

/** An encoded prefix ends with `/`, and `0` is the character after `/`. Every encoded key is below `~`. */
export function toRange(prefix: Key): KeyRange {
  const from = encodeKey(prefix);
  return { from, below: from === '' ? '~' : `${from.slice(0, -1)}0` };
}
