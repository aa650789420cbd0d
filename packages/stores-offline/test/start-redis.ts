import { startRedis, withServer } from '@loci/testing/servers';
import { afterAll, beforeAll, it } from 'vitest';

// Every write is on disk before it is answered, so that a server that is killed has lost nothing.
const settings = ['--appendonly', 'yes', '--appendfsync', 'always'];

/** One server for all tests of a file; they are reported as skipped where the program is missing. */
export const sharedRedis = () =>
  withServer({ it, beforeAll, afterAll }, 'redis-server', () => startRedis({ settings }));
