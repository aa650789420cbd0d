import type { JsonValue } from '@loci/core';
import { type Row, toText } from './database.js';
import { DamagedRow } from './sqlite-error.js';

/** The JSON value in a column, or `DamagedRow`. */
export function parseStored(row: Row, column: string): JsonValue {
  try {
    return JSON.parse(toText(row, column));
  } catch {
    // Without the parser's message, which quotes the text.
    throw new DamagedRow(`its ${column} is not JSON`);
  }
}
