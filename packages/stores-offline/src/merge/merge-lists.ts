import { canonicalJson, type JsonValue } from '@loci/core';
import { isRecord } from './same-json.js';

type Id = string | number;

/** The items of each list by their `id`, and the order of the merged one: theirs, then what only we have. */
export interface ListsById {
  readonly maps: readonly ReadonlyMap<Id, JsonValue>[];
  readonly order: readonly Id[];
}

/** `undefined` where not all items are objects with an `id`, a text or a number, that is theirs alone. */
export function listsById(
  base: readonly JsonValue[],
  ours: readonly JsonValue[],
  theirs: readonly JsonValue[],
): ListsById | undefined {
  const maps = [base, ours, theirs].map(byId);
  if (!maps.every((map) => map !== undefined)) return undefined;
  return { maps, order: [...new Set([...(maps[2]?.keys() ?? []), ...(maps[1]?.keys() ?? [])])] };
}

function byId(items: readonly JsonValue[]): ReadonlyMap<Id, JsonValue> | undefined {
  const map = new Map<Id, JsonValue>();
  for (const item of items) {
    const id = isRecord(item) && Object.hasOwn(item, 'id') ? item['id'] : undefined;
    if ((typeof id !== 'string' && typeof id !== 'number') || map.has(id)) return undefined;
    map.set(id, item);
  }
  return map;
}

/**
 * Their list without what we took out, then what we put in. Where no base is known, what both lists hold counts as
 * what both began with: two processes that made the same first value do not double it.
 */
export function mergeLists(
  base: readonly JsonValue[] | undefined,
  ours: readonly JsonValue[],
  theirs: readonly JsonValue[],
): JsonValue[] {
  const removed = base ? without(base, ours) : [];
  return [...without(theirs, removed), ...without(ours, base ?? theirs)];
}

/** The items left when each of `others` has taken one equal item away. */
function without(items: readonly JsonValue[], others: readonly JsonValue[]): JsonValue[] {
  const counts = new Map<string, number>();
  for (const other of others) {
    const text = canonicalJson(other);
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  return items.filter((item) => {
    const text = canonicalJson(item);
    const left = counts.get(text) ?? 0;
    if (left > 0) counts.set(text, left - 1);
    return left === 0;
  });
}
