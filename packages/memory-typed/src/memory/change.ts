import { ConflictError, type IoOptions, type JsonValue, LociError } from '@loci/core';
import { RebaseError } from '../errors/rebase-error.js';
import type { Settings } from './memory-options.js';
import type { Plan, Planner } from './plan.js';
import { type MemoryRecord, withName } from './record.js';
import type { StateReader } from './state.js';
import { abortable, standBack } from './wait.js';
import { writeState } from './write-state.js';

/** Told of what was stored, before the caller is. */
export type OnStored = (before: MemoryRecord, plan: Plan) => void;

/** Reads, plans and writes until nobody was faster. Resolves the record that is stored then. */
export async function change(
  settings: Settings,
  reader: StateReader,
  plan: Planner,
  io: IoOptions,
  onStored: OnStored,
): Promise<MemoryRecord> {
  const { key, maxAttempts, clock, onEvent } = settings;
  const rebase = (stored: JsonValue | undefined) => planAnew(settings, reader, plan, stored);
  for (let attempt = 1; ; attempt++) {
    const state = await reader.read(io);
    const next = await abortable(plan(state), io.signal);
    if (!next) return state.record;
    const receipt = await writeState(settings, state, next.record, rebase, io);
    if (receipt) {
      const pending = receipt.pending ? { pending: receipt.pending } : {};
      onEvent({ type: 'memory-saved', key, bytes: next.bytes, changes: next.changes, ...pending });
      onStored(state.record, next);
      return next.record;
    }
    onEvent({ type: 'write-conflicted', key, attempt });
    if (attempt === maxAttempts) {
      throw new ConflictError(key, { reason: `others were faster ${maxAttempts} times in a row` });
    }
    await standBack(clock, attempt, io.signal);
  }
}

/** The record of a queued change, made on what the server holds now. */
async function planAnew(
  { key, name }: Settings,
  reader: StateReader,
  plan: Planner,
  stored: JsonValue | undefined,
): Promise<JsonValue> {
  try {
    const state = await reader.parse(stored);
    const next = await plan(state);
    return next || stored === undefined ? withName(next?.record ?? state.record, name) : stored;
  } catch (error) {
    throw LociError.isInstance(error) ? error : new RebaseError(key, error);
  }
}
