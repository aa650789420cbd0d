import {
  type AppendOptions,
  type AppendReceipt,
  ConflictError,
  checkAppend,
  checkKey,
  encodeKey,
  type LogStore,
  StoreUnavailableError,
  toJsonText,
} from '@loci/core';
import type { Settings } from './check-options.js';
import type { Connection } from './connection.js';
import { toExpiresAt, toExpiryArguments } from './expiry.js';
import { appendEntries } from './lua/log-scripts.js';
import { toOutcome } from './reply.js';
import { toStoredEntry } from './stored-entry.js';
import type { Sweeper } from './sweep.js';

/** `append` of a log: one script, whose cost does not depend on the length of the log. */
export function createAppend(
  connection: Connection,
  sweeper: Sweeper,
  { clock, names, newEpoch, expireOnServer }: Settings,
): LogStore['append'] {
  return async (key, entries, options = {}) => {
    connection.admit(options);
    checkKey(key);
    checkAppend(entries, options);
    const { expect, ttlMs, signal } = options;
    const at = Math.floor(clock.now());
    const encoded = encodeKey(key);
    const pairs = entries.flatMap(({ id, body }, index) => [
      id,
      toStoredEntry(id, toJsonText(body, `entries[${index}].body`), at),
    ]);
    const values = [
      showExpect(expect),
      newEpoch(),
      ...toExpiryArguments(toExpiresAt(at, ttlMs), expireOnServer),
      encoded,
      names.member('log', key),
      names.channel,
      ...pairs,
    ];
    const reply = await connection.run(appendEntries, {
      key,
      keys: [names.record('log', encoded), names.index('log'), names.expiries],
      values,
      operationIds: entries.map((entry) => entry.id),
      ...(signal && { signal }),
    });
    const [outcome, epoch, first, last] = toOutcome(key, reply);
    if (outcome === 'partly')
      throw new ConflictError(key, { reason: 'some of these entries are already in the log' });
    if (outcome === 'conflict') throw new ConflictError(key);
    if (outcome !== 'appended' && outcome !== 'replayed')
      throw new StoreUnavailableError('Redis answered something else than a receipt');
    sweeper.afterWrite();
    return {
      epoch: String(epoch),
      firstSeq: Number(first),
      lastSeq: Number(last),
      outcome,
    } satisfies AppendReceipt;
  };
}

function showExpect(expect: AppendOptions['expect']): string {
  if (expect === undefined) return '';
  return expect === 'absent' ? expect : `h${expect.seq}:${expect.epoch}`;
}
