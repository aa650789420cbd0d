import type { Row } from './database.js';
import { parseStored } from './parse-stored.js';
import { DamagedRow } from './sqlite-error.js';

/** The id of an entry as it is stored: JSON text, because `node:sqlite` of Node 22 cuts a text at U+0000. */
export function toStoredId(id: string): string {
  return JSON.stringify(id);
}

/** The inverse of `toStoredId` on a stored row, or `DamagedRow`. */
export function fromStoredId(row: Row): string {
  const id = parseStored(row, 'id');
  if (typeof id !== 'string') throw new DamagedRow('its id is not a text');
  return id;
}
