import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, it, onTestFinished } from 'vitest';

export interface Redis {
  readonly url: string;
  readonly port: number;
  /** Its process, for signals. */
  signal(name: NodeJS.Signals): void;
  /** Ends it at once, as a crash would. */
  kill(): Promise<void>;
  /** Starts it again on the same port and folder. */
  restart(): Promise<void>;
  remove(): Promise<void>;
}

const program = 'redis-server';
export const missing = spawnSync(program, ['--version']).status !== 0;

/** A test that needs a server; reported as skipped where the program is missing. */
export function redisIt(title: string, body: () => Promise<void>): void {
  it(title, { timeout: 30_000 }, async ({ skip }) => {
    skip(missing, 'the program redis-server is not installed');
    await body();
  });
}

/** One server for all tests of a file. */
export function sharedRedis(...settings: readonly string[]): () => Redis {
  let redis: Redis | undefined;
  beforeAll(async () => {
    if (!missing) redis = await launch(settings);
  });
  afterAll(async () => redis?.remove());
  return () => {
    if (!redis) throw new Error('the program redis-server is not installed');
    return redis;
  };
}

/** A server of one test. */
export async function startRedis(...settings: readonly string[]): Promise<Redis> {
  const redis = await launch(settings);
  onTestFinished(() => redis.remove());
  return redis;
}

async function launch(settings: readonly string[]): Promise<Redis> {
  const folder = mkdtempSync(join(tmpdir(), 'loci-redis-'));
  const port = await freePort();
  const fixed = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', ''];
  let server = await run([...fixed, ...settings]);
  const kill = async () => {
    if (server.exitCode !== null || server.signalCode !== null) return;
    server.kill('SIGKILL');
    await once(server, 'exit');
  };
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    signal: (name) => void server.kill(name),
    kill,
    async restart() {
      server = await run([...fixed, ...settings]);
    },
    async remove() {
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function run(settings: readonly string[]) {
  const server = spawn(program, settings, { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines = createInterface({ input: server.stdout });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  lines.on('line', (line) => line.includes('Ready to accept connections') && resolve());
  lines.on('close', () => reject(new Error('redis-server ended')));
  await promise;
  return server;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}
