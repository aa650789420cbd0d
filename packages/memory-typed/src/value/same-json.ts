import type { JsonValue } from '@loci/core';

/** Whether two JSON values are equal; the order of properties does not matter. */
export function sameJson(a: JsonValue, b: JsonValue): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const left = a as { readonly [name: string]: JsonValue };
  const right = b as { readonly [name: string]: JsonValue };
  const names = Object.keys(left);
  return (
    names.length === Object.keys(right).length &&
    names.every(
      (name) => Object.hasOwn(right, name) && sameJson(left[name] as JsonValue, right[name] as JsonValue),
    )
  );
}
