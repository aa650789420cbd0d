import type { Store } from '@loci/core';
import { createPostgresStore } from '@loci/stores-postgres';
import { createRedisStore } from '@loci/stores-redis';
import { createSqliteStore } from '@loci/stores-sqlite';

/** Where a store is; plain JSON, so that it can be an argument of a command line. */
export type Target =
  | { readonly kind: 'sqlite'; readonly path: string }
  | { readonly kind: 'redis' | 'postgres'; readonly url: string };

export const kinds = ['sqlite', 'redis', 'postgres'] as const satisfies readonly Target['kind'][];

export function openTarget(target: Target): Store {
  if (target.kind === 'sqlite') return createSqliteStore({ path: target.path });
  if (target.kind === 'redis') return createRedisStore({ url: target.url, durability: 'disk' });
  return createPostgresStore({ url: target.url });
}
