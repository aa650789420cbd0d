import { type Clock, type IoOptions, randomId, type Store, systemClock } from '@loci/core';
import { copyTo } from './backup.js';
import { createBell } from './bell.js';
import { checkOptions } from './check-options.js';
import { createConnection } from './connection.js';
import { createDocuments } from './documents.js';
import { createFeed } from './feed.js';
import { createLogs } from './logs.js';

export interface SqliteStoreOptions {
  /**
   * The file; made on first use, its folder must exist. Beside it SQLite keeps `-wal` and `-shm`, and `-journal` while
   * the file is being made.
   */
  readonly path: string;
  /**
   * What an acknowledged write survives. `process`: the end of this and every other process; a power cut may take back
   * the newest writes, whole ones only. `disk`: a power cut too, for one flush of the disk per write.
   * @default 'process'
   */
  readonly durability?: 'process' | 'disk';
  /** How long one call waits in all while other processes hold the file's lock. @default 30_000 */
  readonly busyTimeoutMs?: number;
  /** How often a feed looks for what other processes changed. @default 250 */
  readonly pollIntervalMs?: number;
  /** @default systemClock */
  readonly clock?: Clock;
  /** Makes epochs; must never answer the same twice, in no process. @default randomId of `@loci/core` */
  readonly randomId?: () => string;
}

/** A `Store` in one SQLite file that can also copy itself while it is in use. */
export interface SqliteStore extends Store {
  /**
   * Writes a copy of the whole store, as of one moment, to a new file; other processes go on writing meanwhile. The
   * copy is a store of its own. This process is busy for as long as the copying takes.
   *
   * Rejects with `InvalidInputError` where the file already exists or its folder does not: nothing is overwritten.
   */
  backup(path: string, options?: IoOptions): Promise<void>;
}

/**
 * A store in one SQLite file, for any number of processes on one machine. Opens the file on first use.
 *
 * Throws `InvalidInputError` where an option is not usable, `:memory:` included.
 *
 * @example
 * const store = createSqliteStore({ path: 'memory.db' });
 * await store.logs.append(['thread', '1'], [{ id: 'a', body: 'hello' }]);
 * await store.close();
 */
export function createSqliteStore(options: SqliteStoreOptions): SqliteStore {
  const settings = checkOptions(options, { clock: systemClock, randomId });
  const bell = createBell();
  const connection = createConnection(settings, bell);
  return Object.freeze<SqliteStore>({
    documents: createDocuments(connection, settings),
    logs: createLogs(connection, settings),
    feed: createFeed(connection, bell, settings),
    supports: Object.freeze({
      durability: settings.durability,
      ttlGranularityMs: 1,
      feed: 'poll',
      pending: false,
    } as const),
    backup: (path, backupOptions) => copyTo(connection, path, backupOptions),
    close: (closeOptions) => connection.close(closeOptions),
  });
}
