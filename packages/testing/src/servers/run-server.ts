import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';

/** A real server on a private port of the loopback interface, with a folder of its own that is removed in the end. */
export interface TestServer {
  /** What a client connects to. */
  readonly url: string;
  readonly port: number;
  /** Of the server's own process, for example `SIGSTOP` for a server that hangs. */
  signal(name: NodeJS.Signals): void;
  /** Ends it at once, as a crash would. What it has on disk stays. */
  kill(): Promise<void>;
  /** Starts it again on the same port and folder. */
  restart(): Promise<void>;
  /** Ends it and removes its folder. */
  remove(): Promise<void>;
}

export interface ServerProcess {
  signal(name: NodeJS.Signals): void;
  /** Ends it with a signal, and resolves when it has ended. */
  end(name: NodeJS.Signals): Promise<void>;
}

const patienceMs = 3000;

/** Starts a program and resolves when it has printed `ready`; rejects with what it printed where it ends before. */
export async function runServer(
  program: string,
  settings: readonly string[],
  ready: string,
  options: Pick<SpawnOptions, 'uid' | 'gid'> = {},
): Promise<ServerProcess> {
  const server = spawn(program, settings, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  // No server outlives the program that started it, whichever way that ends by itself.
  const abandon = () => void server.kill('SIGKILL');
  process.once('exit', abandon);
  server.once('exit', () => process.off('exit', abandon));
  await waitUntilReady(server, program, ready);
  return {
    signal: (name) => void server.kill(name),
    async end(name) {
      if (server.exitCode !== null || server.signalCode !== null) return;
      // A server that does not go when asked is not waited for.
      const insist = setTimeout(() => server.kill('SIGKILL'), patienceMs);
      server.kill(name);
      await once(server, 'exit');
      clearTimeout(insist);
    },
  };
}

async function waitUntilReady(server: ChildProcess, program: string, ready: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const said: string[] = [];
  for (const output of [server.stdout, server.stderr]) {
    if (!output) continue;
    createInterface({ input: output }).on('line', (line) => {
      if (said.length < 50) said.push(line);
      if (line.includes(ready)) resolve();
    });
  }
  server.once('error', reject);
  server.once('close', () => reject(new Error(`${program} ended:\n${said.join('\n')}`)));
  await promise;
}

/** A port of the loopback interface that nobody listens on at the moment. */
export async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}
