import { type Clock, randomId, type Store, systemClock } from '@loci/core';
import { checkOptions } from './check-options.js';
import type { RedisClient } from './client.js';
import { createConnection } from './connection.js';
import { createDialer } from './dial.js';
import { createDocuments } from './documents.js';
import { createFeed } from './feed.js';
import { createLogs } from './logs.js';
import { createSweeper } from './sweep.js';

export interface RedisTlsOptions {
  /** Certificates in PEM format. */
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  /** The name in the server's certificate. @default the host */
  readonly servername?: string;
  /** @default true */
  readonly rejectUnauthorized?: boolean;
}

export interface RedisStoreOptions {
  /** `redis://user:password@host:port/database`, or `rediss://` for TLS. Takes the place of `host`, `port` and `path`. */
  readonly url?: string;
  /** @default 'localhost' */
  readonly host?: string;
  /** @default 6379 */
  readonly port?: number;
  /** A Unix socket, in the place of host and port. */
  readonly path?: string;
  readonly username?: string;
  readonly password?: string;
  /** @default whether the URL begins with `rediss://` */
  readonly tls?: boolean | RedisTlsOptions;
  /** The number of a database. With `client`, the one that it has selected; it only names the channel of the feed. @default 0 */
  readonly database?: number;
  /**
   * A connected client or cluster of the `redis` package, in the place of the fields above. It is never closed here; a
   * feed makes a duplicate of it and closes that.
   */
  readonly client?: RedisClient;
  /** Stores with different prefixes never see each other. 1–100 letters, digits, `-`, `_`, `.` and `:`. @default 'loci' */
  readonly prefix?: string;
  /**
   * What an acknowledged write survives on your server, which alone decides it: state here how it is set up.
   * @default 'memory'
   */
  readonly durability?: 'memory' | 'process' | 'disk';
  /** How long one call waits in all, connecting included. @default 10_000 */
  readonly commandTimeoutMs?: number;
  /** The pause before the second attempt to connect; doubled at each further one. @default 50 */
  readonly reconnectDelayMs?: number;
  /** The longest pause between two attempts to connect. @default 2_000 */
  readonly maxReconnectDelayMs?: number;
  /** @default systemClock */
  readonly clock?: Clock;
  /** Makes epochs; must never answer the same twice, in no process. @default randomId of `@loci/core` */
  readonly randomId?: () => string;
}

/**
 * A store on Redis 6.2 or newer, or Valkey, for any number of processes and machines. Connects on first use.
 *
 * Throws `InvalidInputError` where an option is not usable.
 *
 * @example
 * const store = createRedisStore({ url: 'redis://localhost:6379' });
 * await store.logs.append(['thread', '1'], [{ id: 'a', body: 'hello' }]);
 * await store.close();
 */
export function createRedisStore(options: RedisStoreOptions = {}): Store {
  const settings = checkOptions(options, { clock: systemClock, randomId });
  const dialer = createDialer(settings);
  const connection = createConnection(settings, dialer);
  const sweeper = createSweeper(connection, settings);
  return Object.freeze<Store>({
    documents: createDocuments(connection, sweeper, settings),
    logs: createLogs(connection, sweeper, settings),
    feed: createFeed(connection, dialer, settings),
    supports: Object.freeze({
      durability: settings.durability,
      ttlGranularityMs: 1,
      feed: 'push',
      pending: false,
    } as const),
    close: (closeOptions) => connection.close(closeOptions),
  });
}
