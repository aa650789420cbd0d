import { InvalidInputError, type JsonValue, toJsonText } from '@loci/core';

/** Takes out of a value what must not be stored. */
export type Redact = (value: JsonValue) => JsonValue;

/**
 * What `redact` leaves of the value in a JSON text, as JSON text. Throws `InvalidInputError`, which says nothing of
 * the value, where it throws or makes something that is not JSON.
 */
export function redactValue(redact: Redact | undefined, given: string): string {
  if (!redact) return given;
  let clean: unknown;
  try {
    clean = redact(JSON.parse(given) as JsonValue);
  } catch {
    // What it threw may quote what it was to remove.
    throw new InvalidInputError('options.redact', 'threw an error');
  }
  if (typeof (clean as { then?: unknown } | undefined)?.then === 'function') {
    throw new InvalidInputError('options.redact', 'returned a promise; it must answer at once');
  }
  return toJsonText(clean, 'options.redact()');
}
