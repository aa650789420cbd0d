import { type JsonValue, toJsonText } from '@loci/core';
import { enablePatches, Immer, type Patch } from 'immer';
import { isReplacement } from './snapshot.js';
import { type PatchOperation, toPatch } from './to-patch.js';

enablePatches();
// What a recipe puts into a draft belongs to the caller: it is copied, not frozen.
const immer = new Immer({ autoFreeze: false });

/** What a change makes of a value, before the schema has seen it. */
export interface Proposal {
  /** As JSON, so that it no longer changes with what the caller holds. */
  readonly text: string;
  /** Absent: the whole value was replaced. */
  readonly patch?: readonly PatchOperation[] | undefined;
}

/**
 * Runs a recipe on a draft of a frozen value, which stays as it is. Resolves `undefined` where it changed nothing;
 * rejects with what it threw, or with `InvalidInputError` where it made something that is not JSON.
 */
export async function runRecipe(
  base: JsonValue,
  recipe: (draft: never) => unknown,
): Promise<Proposal | undefined> {
  const run = recipe as (draft: unknown) => unknown;
  if (typeof base !== 'object' || base === null) {
    const result = await run(base);
    if (isReplacement(result)) return { text: toJsonText(result.value) };
    return result === undefined ? undefined : { text: toJsonText(result) };
  }
  const draft = immer.createDraft(base);
  const result = await run(draft);
  // Parts of the draft that it may contain can be read as long as the draft is not finished.
  if (isReplacement(result)) return { text: toJsonText(result.value) };
  let patches: readonly Patch[] = [];
  const value = immer.finishDraft(draft, (made) => {
    patches = made;
  });
  return value === base ? undefined : { text: toJsonText(value), patch: toPatch(patches) };
}
