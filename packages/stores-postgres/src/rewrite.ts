import { checkKey, checkRewrite, encodeKey, type LogStore, toJsonText } from '@loci/core';
import type { CallFunction } from './call-function.js';
import type { Settings } from './check-options.js';
import type { Connection } from './connection.js';
import { toStoredText } from './stored-text.js';

/** `rewrite` of a log: each entry on its own condition, all in one function. */
export function createRewrite(
  connection: Connection,
  call: CallFunction,
  { clock }: Settings,
): LogStore['rewrite'] {
  return async (key, entries, options = {}) => {
    connection.admit(options);
    checkKey(key);
    checkRewrite(entries);
    const planned = entries.map(({ id, revision, body }, index) => ({
      id,
      revision,
      text: toJsonText(body, `entries[${index}].body`),
    }));
    const { written } = await call('rewrite_entries', {
      key,
      values: [
        encodeKey(key),
        Math.floor(clock.now()),
        planned.map(({ id }) => toStoredText(id)),
        planned.map(({ revision }) => revision),
        planned.map(({ text }) => text),
      ],
      ...(options.signal && { signal: options.signal }),
    });
    // Positions count from 1.
    const places: readonly unknown[] = Array.isArray(written) ? written : [];
    return places.flatMap((place) => planned[Number(place) - 1]?.id ?? []);
  };
}
