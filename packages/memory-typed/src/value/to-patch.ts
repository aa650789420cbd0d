import type { JsonValue } from '@loci/core';
import type { Patch } from 'immer';
import { below } from './pointer.js';

/** One step of a JSON Patch (RFC 6902); `path` is a JSON Pointer, and an empty one is the whole value. */
export type PatchOperation =
  | { readonly op: 'add' | 'replace'; readonly path: string; readonly value: JsonValue }
  | { readonly op: 'remove'; readonly path: string };

/**
 * Immer's patches as a JSON Patch; `undefined` where they cannot be trusted. A property that became `undefined` is
 * absent in JSON, and so it is in the patch.
 */
export function toPatch(patches: readonly Patch[]): readonly PatchOperation[] | undefined {
  // `delete draft.constructor` on an object without one: Immer removes what was only inherited.
  if (patches.some(({ op, path }) => op === 'remove' && String(path.at(-1)) in Object.prototype))
    return undefined;
  return patches.flatMap(({ op, path, value }): PatchOperation[] => {
    const pointer = path.reduce<string>(below, '');
    if (op === 'remove') return [{ op, path: pointer }];
    if (value === undefined) return op === 'add' ? [] : [{ op: 'remove', path: pointer }];
    // The recipe may still hold what it put in.
    return [{ op, path: pointer, value: JSON.parse(JSON.stringify(value)) as JsonValue }];
  });
}
