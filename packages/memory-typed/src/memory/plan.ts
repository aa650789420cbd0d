import { checkValue } from '../value/check-value.js';
import { type Proposal, runRecipe } from '../value/run-recipe.js';
import { sameJson } from '../value/same-json.js';
import type { PatchOperation } from '../value/to-patch.js';
import type { Settings } from './memory-options.js';
import { createRecord, type MemoryRecord } from './record.js';
import type { State } from './state.js';

/** What a change is to store. */
export interface Plan {
  readonly record: MemoryRecord;
  readonly bytes: number;
  /** Whether the value becomes another one. */
  readonly isChange: boolean;
  /** How many calls are in it. */
  readonly changes: number;
  /** Absent: the whole value is replaced. */
  readonly patch?: readonly PatchOperation[] | undefined;
}

/** Makes a plan on a state, as often as that changes; `undefined` writes nothing. */
export type Planner = (state: Omit<State, 'expect'>) => Promise<Plan | undefined>;

/** Checks a proposal and dates it. */
export async function toPlan(
  settings: Settings,
  before: MemoryRecord,
  { text, patch }: Proposal,
): Promise<Plan> {
  const checked = await checkValue(settings, text);
  // A clock may stand between two milliseconds, and a record does not.
  const now = Math.max(0, Math.floor(settings.clock.now()));
  const times = { createdAt: before.createdAt ?? now, updatedAt: now };
  return {
    record: createRecord({ schema: settings.recordSchema, ...times, value: checked.value }),
    bytes: checked.bytes,
    isChange: !sameJson(checked.value, before.value),
    changes: 1,
    // Where schema or redaction made something else of it, the recipe's patch does not describe that.
    patch: checked.isAsGiven ? patch : undefined,
  };
}

export function planSet(settings: Settings, text: string): Planner {
  return async ({ record, isStored }) => {
    const next = await toPlan(settings, record, { text });
    return next.isChange || !isStored ? next : undefined;
  };
}

export function planUpdate(settings: Settings, recipe: (draft: never) => unknown): Planner {
  return async ({ record }) => {
    const proposal = await runRecipe(record.value, recipe);
    const next = proposal && (await toPlan(settings, record, proposal));
    return next?.isChange ? next : undefined;
  };
}

/** Of a record that was imported: its value is checked, its times stay. */
export function planImport(settings: Settings, imported: MemoryRecord): Planner {
  const text = JSON.stringify(imported.value);
  return async ({ record: before, isStored }) => {
    const { value, bytes } = await checkValue(settings, text);
    const record = { ...imported, value };
    if (isStored && sameJson(record, before)) return undefined;
    return { record, bytes, isChange: !sameJson(value, before.value), changes: 1 };
  };
}
