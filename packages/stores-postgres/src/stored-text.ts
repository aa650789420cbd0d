import { DamagedRow, parseText } from './parse-stored.js';

/** An id as it is stored: PostgreSQL refuses U+0000, so it is `\0`, and a backslash is two. */
export function toStoredText(id: string): string {
  return id.replace(/[\\\0]/g, (character) => (character === '\0' ? '\\0' : '\\\\'));
}

/** The inverse of `toStoredText`, or `DamagedRow`. */
export function fromStoredText(stored: unknown, what: string): string {
  const text = parseText(stored, what);
  if (/^(?:[^\\]|\\[\\0])*$/.test(text))
    return text.replace(/\\(.)/g, (_, letter) => (letter === '0' ? '\0' : '\\'));
  throw new DamagedRow(`its ${what} is not one that was written`);
}
