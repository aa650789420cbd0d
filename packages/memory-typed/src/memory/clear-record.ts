import { ConflictError, type IoOptions, StoreUnavailableError } from '@loci/core';
import type { Settings } from './memory-options.js';
import type { MemoryRecord } from './record.js';
import type { StateReader } from './state.js';
import { backOff, standBack } from './wait.js';
import { maxRepeats } from './write-state.js';

/**
 * Deletes what is stored; a change that comes meanwhile is not lost unseen, it is deleted by the next attempt.
 * Resolves what was deleted, `undefined` where nothing was stored.
 */
export async function clearRecord(
  { store, key, maxAttempts, clock, onEvent }: Settings,
  reader: StateReader,
  io: IoOptions,
): Promise<MemoryRecord | undefined> {
  let deleted: MemoryRecord | undefined;
  let lost = 0;
  for (let attempt = 1; ; attempt++) {
    const { record, isStored, expect } = await reader.read(io);
    // After a lost answer: it was deleted, by the call before or by somebody else.
    if (!isStored) return deleted;
    try {
      await store.documents.delete(key, { ...io, expect });
      return record;
    } catch (error) {
      if (ConflictError.isInstance(error)) {
        onEvent({ type: 'write-conflicted', key, attempt });
        if (attempt >= maxAttempts) throw error;
        await standBack(clock, attempt, io.signal);
      } else {
        if (!StoreUnavailableError.isInstance(error) || ++lost > maxRepeats) throw error;
        onEvent({ type: 'answer-lost', key, attempt });
        deleted = record;
        await backOff(clock, lost, io.signal);
      }
    }
  }
}
