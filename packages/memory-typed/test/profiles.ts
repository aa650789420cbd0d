import { readFileSync } from 'node:fs';
import type { JsonValue, Store } from '@loci/core';
import { z } from 'zod';
import { openMemory } from '../src/index.js';

type V1 = { name: string };
type V2 = { first: string; last: string };
type V3 = { names: string[]; tags: string[] };

const up = {
  1: ({ name }: V1): V2 => ({ first: name.split(' ')[0] ?? '', last: name.split(' ')[1] ?? '' }),
  2: ({ first, last }: V2): V3 => ({ names: [first, last], tags: [] }),
};
const down = {
  3: ({ names }: V3): V2 => ({ first: names[0] ?? '', last: names[1] ?? '' }),
  2: ({ first, last }: V2): V1 => ({ name: `${first} ${last}` }),
};
export const steps = { up, down };

export const profileKey = ['profile'];
const common = { key: profileKey, schemaId: 'profile' };

/** What was stored by the program of that version, as it was committed. */
export function golden(version: 1 | 2 | 3): JsonValue {
  return JSON.parse(
    readFileSync(new URL(`./__fixtures__/profile-v${version}.json`, import.meta.url), 'utf8'),
  );
}

export async function plant(store: Store, value: JsonValue): Promise<void> {
  await store.documents.put(profileKey, value, { expect: 'any', operationId: crypto.randomUUID() });
}

export const openV1 = (store: Store, more = {}) =>
  openMemory({
    ...common,
    store,
    schema: z.strictObject({ name: z.string() }),
    initial: { name: '' },
    schemaVersion: 1,
    ...more,
  });

export const openV2 = (store: Store, more = {}) =>
  openMemory({
    ...common,
    store,
    schema: z.strictObject({ first: z.string(), last: z.string() }),
    initial: { first: '', last: '' },
    schemaVersion: 2,
    migrations: { up: { 1: up[1] } },
    ...more,
  });

export const openV3 = (store: Store, more = {}) =>
  openMemory({
    ...common,
    store,
    schema: z.strictObject({ names: z.array(z.string()), tags: z.array(z.string()) }),
    initial: { names: [], tags: [] },
    schemaVersion: 3,
    migrations: steps,
    ...more,
  });
