import type { JsonValue } from '@loci/core';
import { isObject } from '@loci/core/provider';
import { toJson } from './json.js';

/** What a provider says beside a part, by the name of the provider. */
export type Metadata = { readonly [name: string]: JsonValue };

export function readMetadata(metadata: unknown): Metadata {
  const read = toJson(metadata);
  return isObject(read) ? (read as Metadata) : {};
}

/** Providers say a block's metadata bit by bit; later fields of one provider join the earlier ones. */
export function mergeMetadata(known: Metadata, metadata: unknown): Metadata {
  const merged: Record<string, JsonValue> = { ...known };
  for (const [name, said] of Object.entries(readMetadata(metadata))) {
    const before = merged[name];
    merged[name] = isObject(before) && isObject(said) ? ({ ...before, ...said } as JsonValue) : said;
  }
  return merged;
}
