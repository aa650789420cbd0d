import type { JsonValue } from '@loci/core';

/** Thrown where a stored record is not what was written; becomes a `DamagedRecordError` where the key is known. */
export class DamagedRow extends Error {}

/** The JSON value of a stored text, or `DamagedRow`. */
export function parseStored(text: unknown, what: string): JsonValue {
  try {
    if (typeof text === 'string') return JSON.parse(text) as JsonValue;
  } catch {
    // Without the parser's message, which quotes the text.
  }
  throw new DamagedRow(`its ${what} is not JSON`);
}

/** The whole number of a stored text, or `DamagedRow`. */
export function parseInteger(text: unknown, what: string): number {
  const number =
    typeof text === 'number' ? text : typeof text === 'string' && text !== '' ? Number(text) : NaN;
  if (!Number.isSafeInteger(number)) throw new DamagedRow(`its ${what} is not a whole number`);
  return number;
}
