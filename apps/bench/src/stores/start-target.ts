import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres, startRedis } from '@loci/testing/servers';
import type { Target } from './target.js';

export interface Backend {
  readonly target: Target;
  /** What an acknowledged write survives here, in words. */
  readonly durability: string;
  remove(): Promise<void>;
}

/** An empty backend of its own, as durable for the raw driver as for the store. */
export async function startTarget(kind: Target['kind']): Promise<Backend> {
  if (kind === 'sqlite') {
    const folder = mkdtempSync(join(tmpdir(), 'loci-bench-'));
    return {
      target: { kind, path: join(folder, 'store.db') },
      durability: 'the end of the process (WAL, synchronous = normal)',
      remove: async () => rmSync(folder, { recursive: true, force: true }),
    };
  }
  if (kind === 'redis') {
    const settings = ['--appendonly', 'yes', '--appendfsync', 'always'];
    const server = await startRedis({ settings });
    return {
      target: { kind, url: server.url },
      durability: 'a power cut (appendfsync always)',
      remove: server.remove,
    };
  }
  const server = await startPostgres();
  return {
    target: { kind, url: server.url },
    durability: 'a power cut (synchronous_commit on)',
    remove: server.remove,
  };
}
