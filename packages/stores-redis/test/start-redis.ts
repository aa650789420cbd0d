import { findProgram, type RedisServer, startRedis as start, withServer } from '@loci/testing/servers';
import { afterAll, beforeAll, it, onTestFinished } from 'vitest';

export type Redis = RedisServer;

const program = 'redis-server';
export const missing = findProgram(program) === undefined;

/** A test that needs a server; reported as skipped where the program is missing. */
export function redisIt(title: string, body: () => Promise<void>): void {
  it(title, { timeout: 30_000 }, async ({ skip }) => {
    skip(missing, `the program ${program} is not installed`);
    await body();
  });
}

/** One server for all tests of a file. */
export function sharedRedis(...settings: readonly string[]): () => Redis {
  return withServer({ it, beforeAll, afterAll }, program, () => start({ settings })).server;
}

/** A server of one test. */
export async function startRedis(...settings: readonly string[]): Promise<Redis> {
  const redis = await start({ settings });
  onTestFinished(() => redis.remove());
  return redis;
}
