import { type ConnectionOptions, checkServerIdentity } from 'node:tls';
import type { Server } from './check-options.js';
import type { PostgresPoolClient } from './clients.js';
import type { Pools } from './pool-backend.js';

/** The one pool of a store, made when it is first needed. */
export function openPool({ connection, tls, maxConnections, connectTimeoutMs }: Server): Pools {
  let pools: Promise<Pools> | undefined;
  let closed: Promise<void> | undefined;

  async function open(): Promise<Pools> {
    const { Client, Pool } = (await import('pg')).default;
    // The time limit is given to the connections and not to the pool: there it would also count the waiting for a free one.
    class LimitedClient extends Client {
      constructor() {
        super({
          connectionString: connection.connectionString,
          ...(tls !== undefined && { ssl: toSecurity(tls) }),
          connectionTimeoutMillis: connectTimeoutMs,
          keepAlive: true,
          keepAliveInitialDelayMillis: 30_000,
          fallback_application_name: 'loci',
        });
      }
    }
    const make = (max: number) => {
      const pool = new Pool({ max, Client: LimitedClient });
      // A connection that fails while nobody uses it has left the pool; the next call makes another.
      pool.on('error', () => {});
      return pool;
    };
    const calls = make(maxConnections);
    const listener = make(1);
    return {
      connect: (): Promise<PostgresPoolClient> => calls.connect(),
      connectListener: (): Promise<PostgresPoolClient> => listener.connect(),
      close: async () => void (await Promise.all([calls.end(), listener.end()])),
    };
  }

  const opened = () => {
    pools ??= open();
    return pools;
  };
  return {
    connect: async () => (await opened()).connect(),
    connectListener: async () => (await opened()).connectListener(),
    async close() {
      closed ??= pools?.then((all) => all.close());
      await closed;
    },
  };
}

function toSecurity(tls: NonNullable<Server['tls']>): boolean | ConnectionOptions {
  if (typeof tls === 'boolean') return tls;
  const { servername } = tls;
  // `pg` compares the certificate with the host, whatever the server name is.
  return servername === undefined
    ? { ...tls }
    : { ...tls, checkServerIdentity: (_, certificate) => checkServerIdentity(servername, certificate) };
}
