import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres, startRedis, type TestServer } from '@loci/testing/servers';
import type { Target } from './target.js';

/** An empty backend of its own. */
export interface Backend {
  readonly target: Target;
  /** Absent: there is no server, the processes share a file. */
  readonly server?: Pick<TestServer, 'kill' | 'restart'>;
  remove(): Promise<void>;
}

/** Every acknowledged write is on disk, or else a killed Redis could not keep it. */
const durable = ['--appendonly', 'yes', '--appendfsync', 'always'];

export async function startBackend(kind: Target['kind']): Promise<Backend> {
  if (kind === 'sqlite') {
    const folder = mkdtempSync(join(tmpdir(), 'loci-soak-'));
    return {
      target: { kind, path: join(folder, 'store.db') },
      remove: async () => rmSync(folder, { recursive: true, force: true }),
    };
  }
  const server = kind === 'redis' ? await startRedis({ settings: durable }) : await startPostgres();
  return { target: { kind, url: server.url }, server, remove: server.remove };
}
