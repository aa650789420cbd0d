import { ConflictError, type IoOptions, StoreUnavailableError } from '@loci/core';
import type { Settings } from './memory-options.js';
import type { State } from './read-state.js';
import type { MemoryRecord } from './record.js';
import { backOff } from './wait.js';

/** How often a write whose answer was lost is sent again. */
const maxRepeats = 5;

/**
 * Writes a record in place of `state`. Resolves false where somebody else wrote first.
 * INVARIANT: all repeats of one attempt bear the same operation id, so it is applied at most once.
 */
export async function writeState(
  settings: Settings,
  state: State,
  record: MemoryRecord,
  io: IoOptions,
): Promise<boolean> {
  const { store, key, clock, onEvent } = settings;
  const options = { ...io, expect: state.expect, operationId: settings.randomId() };
  for (let attempt = 1; ; attempt++) {
    try {
      await store.documents.put(key, record, options);
      return true;
    } catch (error) {
      if (ConflictError.isInstance(error)) {
        // Only after a lost answer can it have been this very write that changed the version.
        if (attempt > 1 && error.mayHaveApplied) throw error;
        return false;
      }
      if (!StoreUnavailableError.isInstance(error) || attempt > maxRepeats) throw error;
      onEvent({ type: 'answer-lost', key, attempt });
      await backOff(clock, attempt, io.signal);
    }
  }
}
