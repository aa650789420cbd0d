import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findProgram } from './find-program.js';
import { findFreePort, runServer, type TestServer } from './run-server.js';

export interface RedisServerOptions {
  /** Further settings, as on its command line: `['--requirepass', 'secret']`. @default nothing is kept on disk */
  readonly settings?: readonly string[];
}

export type RedisServer = TestServer;

/**
 * Starts a `redis-server` that is empty. Rejects where the program is not installed.
 *
 * @example
 * const redis = await startRedis({ settings: ['--appendonly', 'yes'] });
 */
export async function startRedis({ settings = [] }: RedisServerOptions = {}): Promise<RedisServer> {
  const program = findProgram('redis-server');
  if (!program) throw new Error('The program redis-server is not installed.');
  const folder = mkdtempSync(join(tmpdir(), 'loci-redis-'));
  const port = await findFreePort();
  const fixed = ['--port', `${port}`, '--bind', '127.0.0.1', '--dir', folder, '--save', ''];
  const run = () => runServer(program, [...fixed, ...settings], 'Ready to accept connections');
  let server = await run();
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    signal: (name) => server.signal(name),
    kill: () => server.end('SIGKILL'),
    async restart() {
      server = await run();
    },
    async remove() {
      await server.end('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
