import { type RedisServer, startRedis as start, withServer } from '@loci/testing/servers';
import { afterAll, beforeAll, it, onTestFinished } from 'vitest';

// Every write is on disk before it is answered, so that a server that is killed has lost nothing.
const settings = ['--appendonly', 'yes', '--appendfsync', 'always'];

/** One server for all tests of a file; they are reported as skipped where the program is missing. */
export const sharedRedis = () =>
  withServer({ it, beforeAll, afterAll }, 'redis-server', () => start({ settings }));

/** A server of one test. */
export async function startRedis(): Promise<RedisServer> {
  const redis = await start({ settings });
  onTestFinished(() => redis.remove());
  return redis;
}
