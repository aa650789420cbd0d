import { createRawPostgres } from './raw-postgres.js';
import { createRawRedis } from './raw-redis.js';
import { createRawSqlite } from './raw-sqlite.js';
import type { Target } from './target.js';
import type { Work } from './work.js';

/** The same durable work with the bare driver. */
export function createRawWork(target: Target, name: string): Promise<Work> {
  if (target.kind === 'sqlite') return createRawSqlite(target.path, name);
  if (target.kind === 'redis') return createRawRedis(target.url, name);
  return createRawPostgres(target.url, name);
}
