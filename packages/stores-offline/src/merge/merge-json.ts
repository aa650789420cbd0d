import type { JsonValue } from '@loci/core';
import { listsById, mergeLists } from './merge-lists.js';
import { isList, isRecord, type JsonRecord, sameJson } from './same-json.js';

/** From the root: names of properties, and `{ id }` for an item of a list whose items have ids. */
export type MergePath = readonly (string | { readonly id: string | number })[];

/** A place that both sides changed, and not to the same; `undefined`: not there. */
export interface MergeConflict {
  readonly path: MergePath;
  readonly base: JsonValue | undefined;
  readonly ours: JsonValue | undefined;
  readonly theirs: JsonValue | undefined;
}

/** What stands at the place of a conflict. */
export type Choose = (conflict: MergeConflict) => JsonValue | undefined;

/**
 * Three-way merge of JSON by path: `base` is what both sides began with, `undefined` where that is nothing or unknown.
 * Pure, and the same for the same arguments.
 *
 * - A side that changed nothing gives way to the other one.
 * - Objects are merged by property; lists whose items all are objects with an `id` of their own, by item.
 * - Of other lists, what we took out is taken out of theirs where it is still there, and what we put in is appended.
 * - `createdAt` and `updatedAt`, where both sides hold numbers: the earlier and the later one.
 * - Anything else that both changed is a conflict, and `choose` says what stands there.
 */
export function mergeJson(sides: Omit<MergeConflict, 'path'>, choose: Choose): JsonValue | undefined {
  return merge({ ...sides, path: [] }, choose);
}

function merge(sides: MergeConflict, choose: Choose): JsonValue | undefined {
  const { path, base, ours, theirs } = sides;
  if (sameJson(base, ours)) return theirs;
  if (sameJson(base, theirs)) return ours;
  if (isRecord(ours) && isRecord(theirs)) return mergeRecords({ path, base, ours, theirs }, choose);
  if (isList(ours) && isList(theirs)) {
    const before = isList(base) ? base : undefined;
    const byId = listsById(before ?? [], ours, theirs);
    if (!byId) return mergeLists(before, ours, theirs);
    return byId.order.flatMap((id) => {
      const [was, our, their] = byId.maps.map((items) => items.get(id));
      const item = merge({ path: [...path, { id }], base: was, ours: our, theirs: their }, choose);
      return item === undefined ? [] : [item];
    });
  }
  if (sameJson(ours, theirs)) return theirs;
  if (typeof ours === 'number' && typeof theirs === 'number') {
    if (path.at(-1) === 'createdAt') return Math.min(ours, theirs);
    if (path.at(-1) === 'updatedAt') return Math.max(ours, theirs);
  }
  return choose(sides);
}

function mergeRecords(
  sides: { path: MergePath; base: JsonValue | undefined; ours: JsonRecord; theirs: JsonRecord },
  choose: Choose,
): JsonValue {
  const { path, base, ours, theirs } = sides;
  const before = isRecord(base) ? base : {};
  // `fromEntries` makes a property of `__proto__` like of any other name.
  return Object.fromEntries(
    [...new Set([...Object.keys(theirs), ...Object.keys(ours)])].flatMap((name) => {
      const value = merge(
        { path: [...path, name], base: own(before, name), ours: own(ours, name), theirs: own(theirs, name) },
        choose,
      );
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
}

function own(record: JsonRecord, name: string): JsonValue | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
