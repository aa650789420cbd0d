import { type JsonValue, type StoredDocument, toJsonText } from '@loci/core';
import { type MergeConflict, mergeJson } from '../merge/merge-json.js';
import { sameJson } from '../merge/same-json.js';
import type { Settings } from '../options.js';
import type { QueuedPut } from '../queue/queued-write.js';
import { within } from '../within.js';
import type { Context } from './context.js';
import type { Ground } from './send-put.js';

/** What is to be stored, `undefined` for nothing, and where ours gave way. */
export interface Plan {
  readonly value: JsonValue | undefined;
  readonly kept: readonly MergeConflict[];
}

/** What a queued `put` becomes on what the server holds now. Rejects with what a hook threw. */
export async function planValue(
  { settings }: Context,
  write: QueuedPut,
  { expect }: Ground,
  current: StoredDocument | undefined,
): Promise<Plan> {
  const { key, base, value: ours, rebase } = write;
  const before = typeof base === 'object' ? base.value : undefined;
  const theirs = current?.value;
  const isGround =
    (typeof expect === 'object' && current?.version === expect.version) ||
    (typeof base === 'string' && !current) ||
    (before !== undefined && sameJson(before, theirs));
  if (isGround) return { value: ours, kept: [] };
  // A record that was there and is deleted stays deleted, unless a hook says otherwise.
  if (!current) return decide(settings, key, { path: [], base: before, ours, theirs });
  if (rebase) return { value: await bounded(settings, () => rebase(structuredClone(theirs))), kept: [] };
  const sides = { base: before, ours, theirs };
  const { merge } = settings;
  if (merge)
    return { value: await bounded(settings, () => merge(structuredClone({ key, ...sides }))), kept: [] };
  return mergeByPath(settings, key, sides);
}

async function mergeByPath(
  settings: Settings,
  key: QueuedPut['key'],
  sides: Omit<MergeConflict, 'path'>,
): Promise<Plan> {
  const conflicts: MergeConflict[] = [];
  const value = mergeJson(sides, (conflict) => {
    conflicts.push(conflict);
    return conflict.theirs;
  });
  if (conflicts.length === 0) return { value, kept: [] };
  const decided: Plan[] = [];
  for (const conflict of conflicts) decided.push(await decide(settings, key, conflict));
  let next = 0;
  // The same conflicts come in the same order.
  return { value: mergeJson(sides, () => decided[next++]?.value), kept: decided.flatMap(({ kept }) => kept) };
}

/** Asks `onConflict` what stands at the place; without it theirs does, and ours is kept. */
export async function decide(
  settings: Settings,
  key: QueuedPut['key'],
  conflict: MergeConflict,
): Promise<Plan> {
  const { onConflict } = settings;
  const choice = onConflict
    ? await bounded(settings, async () => onConflict(structuredClone({ key, ...conflict })), false)
    : 'kept';
  if (choice === 'kept' || choice === undefined) return { value: conflict.theirs, kept: [conflict] };
  if (choice === 'theirs') return { value: conflict.theirs, kept: [] };
  if (choice === 'ours') return { value: conflict.ours, kept: [] };
  return { value: checked(choice.value), kept: [] };
}

/** A hook that does not answer refuses the write, as one that throws does; the queue goes on. */
async function bounded<T>(settings: Settings, hook: () => T | Promise<T>, isValue = true): Promise<T> {
  const { clock, deadlineMs } = settings;
  const late = () => new Error('The hook did not answer in time.');
  const answer = await within(clock, deadlineMs, undefined, async () => hook(), late);
  return isValue && answer !== undefined ? (checked(answer) as T) : answer;
}

function checked(value: unknown): JsonValue {
  return JSON.parse(toJsonText(value, 'the value of a hook')) as JsonValue;
}
