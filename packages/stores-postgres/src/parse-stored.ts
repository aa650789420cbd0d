import type { JsonValue } from '@loci/core';

/** Thrown where a stored row is not what was written; becomes a `DamagedRecordError` where the key is known. */
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

/** The whole number in a column, or `DamagedRow`. Drivers give large ones as texts, numbers or bigints. */
export function parseInteger(value: unknown, what: string): number {
  const number = ['number', 'bigint', 'string'].includes(typeof value) && value !== '' ? Number(value) : NaN;
  if (!Number.isSafeInteger(number)) throw new DamagedRow(`its ${what} is not a whole number`);
  return number;
}

/** As `parseInteger`, and `undefined` for NULL. */
export function parseOptionalInteger(value: unknown, what: string): number | undefined {
  return value === null ? undefined : parseInteger(value, what);
}

/** The text in a column, or `DamagedRow`. */
export function parseText(value: unknown, what: string): string {
  if (typeof value === 'string') return value;
  throw new DamagedRow(`its ${what} is not a text`);
}
