import type { Expect, Version } from '@loci/core';
import { type Aside, loadAside } from './aside.js';
import { type Cache, createCache } from './copy/cache.js';
import { createDocumentCopy, type DocumentCopy } from './copy/document-copy.js';
import { createLogCopy, type LogCopy } from './copy/log-copy.js';
import { type Lease, takeLease } from './lease.js';
import { createLock, type Lock } from './lock.js';
import type { Settings } from './options.js';
import { type DamagedWrite, loadQueue, type Queue } from './queue/queue.js';

/** What a provisional version became on the server. */
export interface Settled {
  /** Absent: there is no record. */
  readonly version: Version | undefined;
  /** Whether the server holds under it exactly what was queued. */
  readonly exact: boolean;
}

/** The journal, for as long as the lease is held. */
export interface Session {
  readonly lease: Lease;
  /** Everything that looks at the queue and the copy together, or changes both, one after the other. */
  readonly lock: Lock;
  readonly queue: Queue;
  readonly cache: Cache;
  readonly documents: DocumentCopy;
  readonly logs: LogCopy;
  readonly aside: Aside;
  /** By provisional version, of this process. */
  readonly versions: Map<Version, Settled>;
  /** The server's epochs, by those made up here. */
  readonly epochs: Map<string, string>;
  readonly lost: boolean;
}

const mostVersions = 10_000;

export async function openSession(settings: Settings, waitMs: number, onLost: () => void): Promise<Session> {
  let lost = false;
  let queue: Queue | undefined;
  const cache = createCache(settings);
  const lose = () => {
    lost = true;
    cache.stop();
    settings.onEvent({ type: 'lease-lost' });
    onLost();
  };
  const lease = await takeLease(settings, waitMs, () => (queue?.size ?? 0) > 0, lose);
  try {
    const damaged: DamagedWrite[] = [];
    const loaded = await loadQueue(settings, lease.generation, (one) => damaged.push(one));
    queue = loaded;
    return {
      lease,
      queue: loaded,
      lock: createLock(),
      cache,
      documents: createDocumentCopy(cache),
      logs: createLogCopy(cache, settings.journal),
      aside: await loadAside(settings, damaged),
      versions: new Map(),
      epochs: new Map(),
      get lost() {
        return lost;
      },
    };
  } catch (error) {
    await lease.release().catch(() => {});
    throw error;
  }
}

/** Notes what a provisional version became; the oldest are forgotten, and then conflict. */
export function settle(session: Session, provisional: Version, settled: Settled): void {
  session.versions.set(provisional, settled);
  const [oldest] = session.versions.keys();
  if (session.versions.size > mostVersions && oldest !== undefined) session.versions.delete(oldest);
}

/**
 * What the server knows for a provisional version. Where the write was merged on its way, it stays what it is and fits
 * nothing: the caller has not seen what came of it.
 */
export function translate(session: Session, expect: Expect): Expect {
  const settled = typeof expect === 'object' ? session.versions.get(expect.version) : undefined;
  return settled?.exact && settled.version !== undefined ? { version: settled.version } : expect;
}
