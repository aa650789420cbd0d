import {
  type AppendOptions,
  ConflictError,
  checkAppend,
  checkKey,
  DamagedRecordError,
  encodeKey,
  type LogStore,
  StoreUnavailableError,
  toJsonText,
} from '@loci/core';
import type { CallFunction } from './call-function.js';
import type { Settings } from './check-options.js';
import type { Connection } from './connection.js';
import { toExpiresAt } from './expiry.js';
import { naming } from './naming.js';
import { parseInteger } from './parse-stored.js';
import { fromStoredText, toStoredText } from './stored-text.js';
import type { Sweeper } from './sweep.js';

/** `append` of a log: one function, whose cost does not depend on the length of the log. */
export function createAppend(
  connection: Connection,
  call: CallFunction,
  sweeper: Sweeper,
  { clock, randomId }: Settings,
): LogStore['append'] {
  return async (key, entries, options = {}) => {
    connection.admit(options);
    checkKey(key);
    checkAppend(entries, options);
    const { expect, ttlMs, signal } = options;
    const bodies = entries.map(({ body }, index) => toJsonText(body, `entries[${index}].body`));
    const operationIds = entries.map((entry) => entry.id);
    const now = Math.floor(clock.now());
    const row = await call('append_entries', {
      key,
      values: [
        encodeKey(key),
        now,
        toStoredText(showExpect(expect)),
        toStoredText(randomId()),
        toExpiresAt(now, ttlMs),
        operationIds.map(toStoredText),
        bodies,
      ],
      operationIds,
      ...(signal && { signal }),
    });
    const { outcome } = row;
    if (outcome === 'damaged')
      throw new DamagedRecordError(key, undefined, 'its length is not a number from 1');
    if (outcome === 'partly')
      throw new ConflictError(key, { reason: 'some of these entries are already in the log' });
    if (outcome === 'conflict') throw new ConflictError(key);
    if (outcome !== 'appended' && outcome !== 'replayed')
      throw new StoreUnavailableError('PostgreSQL answered something else than a receipt');
    sweeper.afterWrite();
    return naming(key, undefined, () => ({
      epoch: fromStoredText(row['v_epoch'], 'epoch'),
      firstSeq: parseInteger(row['v_first'], 'seq'),
      lastSeq: parseInteger(row['v_last'], 'seq'),
      outcome,
    }));
  };
}

/** An expectation as the function reads it; a head cannot be taken for a word. */
function showExpect(expect: AppendOptions['expect']): string {
  if (expect === undefined) return 'any';
  return expect === 'absent' ? expect : `h${expect.seq}:${expect.epoch}`;
}
