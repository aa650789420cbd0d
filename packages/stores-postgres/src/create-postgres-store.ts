import { type Clock, randomId, type Store, systemClock } from '@loci/core';
import type { Backend } from './backend.js';
import { createCaller } from './call-function.js';
import { checkOptions, type Settings } from './check-options.js';
import type { EmbeddedPostgres, PostgresPool } from './clients.js';
import { createConnection } from './connection.js';
import { createDocuments } from './documents.js';
import { createEmbeddedBackend } from './embedded-backend.js';
import type { OnPostgresEvent } from './events.js';
import { createFeed } from './feed.js';
import { createLogs } from './logs.js';
import { openPool } from './open-pool.js';
import { createPoolBackend, lendFrom } from './pool-backend.js';
import { createSweeper } from './sweep.js';

export interface PostgresTlsOptions {
  /** Certificates in PEM format. */
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  /** The name in the server's certificate. @default the host */
  readonly servername?: string;
  /** @default true */
  readonly rejectUnauthorized?: boolean;
}

/** Exactly one of `url`, `pool` and `client` is given. */
export interface PostgresStoreOptions {
  /** `postgres://user:password@host:port/database?sslmode=verify-full`. What it leaves out, `pg` looks for as `psql` does. */
  readonly url?: string;
  /** A pool of the `pg` package. It is never closed here; while a feed is watched, one of its connections is kept. */
  readonly pool?: PostgresPool;
  /** A `PGlite`: PostgreSQL inside this process. It is never closed here. */
  readonly client?: EmbeddedPostgres;
  /** Beside a `url`, to keep the password out of it. */
  readonly password?: string;
  /** Beside a `url`, in the place of the one in it. */
  readonly database?: string;
  /** @default as `sslmode` in the URL says */
  readonly tls?: boolean | PostgresTlsOptions;
  /** Connections for calls; one more is made for a feed. @default 10 */
  readonly maxConnections?: number;
  /** How long one attempt to connect may take. @default 5_000 */
  readonly connectTimeoutMs?: number;
  /** Made on first use; stores with different schemas never see each other. 1–63 UTF-8 bytes. @default 'loci' */
  readonly schema?: string;
  /**
   * What an acknowledged write survives. `disk`: a power cut. `process`: the end of any client; a crash of the server may
   * take back the newest writes, whole ones only (`synchronous_commit` is off for the writes of this store). With
   * `client` it only states how that is set up.
   * @default 'disk', with `client` 'memory'
   */
  readonly durability?: 'memory' | 'process' | 'disk';
  /** How long one call waits in all: for a connection, for locks and for the answer. @default 10_000 */
  readonly commandTimeoutMs?: number;
  /** The pause before a lost feed connects again; doubled at each further attempt. @default 50 */
  readonly reconnectDelayMs?: number;
  /** The longest such pause. @default 2_000 */
  readonly maxReconnectDelayMs?: number;
  /** @default systemClock */
  readonly clock?: Clock;
  /** Makes epochs; must never answer the same twice, in no process. @default randomId of `@loci/core` */
  readonly randomId?: () => string;
  /** Told what happens behind the calls: a feed that is lost or back, a sweep that failed. */
  readonly onEvent?: OnPostgresEvent;
}

/**
 * A store on PostgreSQL 13 or newer, or PGlite, for any number of processes and machines. Connects on first use, and
 * makes its schema where there is none.
 *
 * Throws `InvalidInputError` where an option is not usable.
 *
 * @example
 * const store = createPostgresStore({ url: 'postgres://user@localhost/app' });
 * await store.logs.append(['thread', '1'], [{ id: 'a', body: 'hello' }]);
 * await store.close();
 */
export function createPostgresStore(options: PostgresStoreOptions): Store {
  const settings = checkOptions(options, { clock: systemClock, randomId });
  const backend = createBackend(settings.target);
  const connection = createConnection(settings, backend);
  const call = createCaller(connection, backend, settings);
  const sweeper = createSweeper(connection, call, settings);
  return Object.freeze<Store>({
    documents: createDocuments(connection, call, sweeper, settings),
    logs: createLogs(connection, call, sweeper, settings),
    feed: createFeed(connection, backend, settings),
    supports: Object.freeze({
      durability: settings.durability,
      ttlGranularityMs: 1,
      feed: 'push',
      pending: false,
    } as const),
    close: (closeOptions) => connection.close(closeOptions),
  });
}

function createBackend(target: Settings['target']): Backend {
  if ('client' in target) return createEmbeddedBackend(target.client);
  return createPoolBackend('pool' in target ? lendFrom(target.pool) : openPool(target.server));
}
