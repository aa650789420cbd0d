import type { JsonValue } from '@loci/core';
import { below } from './pointer.js';
import { sameJson } from './same-json.js';
import type { PatchOperation } from './to-patch.js';

/** A JSON Patch that turns one value into the other. Of lists, what both begin and end with is left out. */
export function diffJson(before: JsonValue, after: JsonValue, path = ''): readonly PatchOperation[] {
  if (sameJson(before, after)) return [];
  if (Array.isArray(before) && Array.isArray(after)) return diffLists(before, after, path);
  if (isObject(before) && isObject(after)) return diffObjects(before, after, path);
  return [{ op: 'replace', path, value: after }];
}

type JsonObject = { readonly [name: string]: JsonValue };

function diffObjects(before: JsonObject, after: JsonObject, path: string): readonly PatchOperation[] {
  const removed = Object.keys(before).filter((name) => !Object.hasOwn(after, name));
  const others = Object.entries(after).flatMap(([name, value]): readonly PatchOperation[] =>
    Object.hasOwn(before, name)
      ? diffJson(before[name] as JsonValue, value, below(path, name))
      : [{ op: 'add', path: below(path, name), value }],
  );
  return [...removed.map((name) => ({ op: 'remove', path: below(path, name) }) as const), ...others];
}

function diffLists(
  before: readonly JsonValue[],
  after: readonly JsonValue[],
  path: string,
): readonly PatchOperation[] {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && sameJson(before[start] as JsonValue, after[start] as JsonValue)) start++;
  let kept = 0;
  const isSameEnd = () => sameJson(before.at(-1 - kept) as JsonValue, after.at(-1 - kept) as JsonValue);
  while (kept < shorter - start && isSameEnd()) kept++;
  const both = Array.from({ length: shorter - start - kept }, (_, index) => start + index);
  const next = start + both.length;
  return [
    ...both.flatMap((index) =>
      diffJson(before[index] as JsonValue, after[index] as JsonValue, `${path}/${index}`),
    ),
    ...before
      .slice(next, before.length - kept)
      .map(() => ({ op: 'remove', path: `${path}/${next}` }) as const),
    ...after
      .slice(next, after.length - kept)
      .map((value, index) => ({ op: 'add', path: `${path}/${next + index}`, value }) as const),
  ];
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
