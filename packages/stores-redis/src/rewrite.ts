import { checkKey, checkRewrite, encodeKey, type LogStore, toJsonText } from '@loci/core';
import type { Connection } from './connection.js';
import { rewriteEntries } from './lua/log-scripts.js';
import type { Names } from './names.js';
import { toOutcome } from './reply.js';

/** `rewrite` of a log: each entry on its own condition, all in one script. */
export function createRewrite(connection: Connection, names: Names): LogStore['rewrite'] {
  return async (key, entries, options = {}) => {
    connection.admit(options);
    checkKey(key);
    checkRewrite(entries);
    const planned = entries.map(({ id, revision, body }, index) => ({
      id,
      values: [id, revision, toJsonText(body, `entries[${index}].body`)],
    }));
    const values = [names.member('log', key), names.channel, ...planned.flatMap((entry) => entry.values)];
    const keys = [names.record('log', encodeKey(key))];
    const reply = await connection.run(rewriteEntries, { ...options, key, keys, values });
    const [, ...written] = toOutcome(key, reply);
    return written.flatMap((position) => planned[Number(position)]?.id ?? []);
  };
}
