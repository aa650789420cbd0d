import {
  ConflictError,
  type IoOptions,
  type JsonValue,
  type PutReceipt,
  StoreUnavailableError,
} from '@loci/core';
import type { Settings } from './memory-options.js';
import { type MemoryRecord, withName } from './record.js';
import type { State } from './state.js';
import { backOff } from './wait.js';

/** How often a write whose answer was lost is sent again. */
export const maxRepeats = 5;

/**
 * Writes a record in place of `state`. Resolves `undefined` where somebody else wrote first.
 * INVARIANT: all repeats of one attempt bear the same operation id, so it is applied at most once.
 */
export async function writeState(
  settings: Settings,
  state: State,
  record: MemoryRecord,
  rebase: (stored: JsonValue | undefined) => Promise<JsonValue>,
  io: IoOptions,
): Promise<PutReceipt | undefined> {
  const { store, key, name, ttlMs, clock, onEvent } = settings;
  const limits = ttlMs === undefined ? {} : { ttlMs };
  const options = { ...io, ...limits, rebase, expect: state.expect, operationId: settings.randomId() };
  for (let attempt = 1; ; attempt++) {
    try {
      return await store.documents.put(key, withName(record, name), options);
    } catch (error) {
      if (ConflictError.isInstance(error)) {
        // Only after a lost answer can it have been this very write that changed the version.
        if (attempt > 1 && error.mayHaveApplied) throw error;
        return undefined;
      }
      if (!StoreUnavailableError.isInstance(error) || attempt > maxRepeats) throw error;
      onEvent({ type: 'answer-lost', key, attempt });
      await backOff(clock, attempt, io.signal);
    }
  }
}
