import { execFile, execFileSync } from 'node:child_process';
import { chownSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findProgram } from './find-program.js';
import { findFreePort, runServer, type TestServer } from './run-server.js';

export interface PostgresServerOptions {
  /** Settings of `postgresql.conf`: `{ synchronous_commit: 'off' }`. @default those of PostgreSQL */
  readonly settings?: Readonly<Record<string, string>>;
}

export type PostgresServer = TestServer;

/**
 * Starts a PostgreSQL server with one empty database, `postgres`, and one user of that name who needs no password.
 * As root it runs as the user `postgres`, because the server refuses root. Rejects where it is not installed.
 *
 * @example
 * const postgres = await startPostgres();
 */
export async function startPostgres({ settings = {} }: PostgresServerOptions = {}): Promise<PostgresServer> {
  const [initdb, program] = [findProgram('initdb'), findProgram('postgres')];
  if (!initdb || !program) throw new Error('PostgreSQL (initdb and postgres) is not installed.');
  const owner = process.getuid?.() === 0 ? { uid: idOf('-u'), gid: idOf('-g') } : {};
  const folder = mkdtempSync(join(tmpdir(), 'loci-postgres-'));
  if (owner.uid !== undefined) chownSync(folder, owner.uid, owner.gid);
  const data = join(folder, 'data');
  const choices = ['-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'];
  await promisify(execFile)(initdb, ['-D', data, ...choices], { ...owner, cwd: folder });
  const port = await findFreePort();
  const fixed = { port: `${port}`, listen_addresses: '127.0.0.1', unix_socket_directories: folder };
  const flags = Object.entries({ ...fixed, ...settings }).flatMap(([name, value]) => [
    '-c',
    `${name}=${value}`,
  ]);
  const run = () => runServer(program, ['-D', data, ...flags], 'ready to accept connections', owner);
  let server = await run();
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    port,
    signal: (name) => server.signal(name),
    // Its immediate shutdown: nothing is written any more, and every process of it ends; the next start recovers.
    kill: () => server.end('SIGQUIT'),
    async restart() {
      server = await run();
    },
    async remove() {
      await server.end('SIGQUIT');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function idOf(flag: '-u' | '-g'): number {
  return Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
}
