import { randomId, type Store } from '@loci/core';
import pg from 'pg';
import { onTestFinished } from 'vitest';
import { createPostgresStore, type PostgresStoreOptions } from '../src/index.js';
import type { Postgres } from './start-postgres.js';

/** A store with a schema of its own, closed after the test. */
export function openStore(postgres: Postgres, options: PostgresStoreOptions = {}): Store {
  const address = options.pool || options.client ? {} : { url: postgres.url };
  const store = createPostgresStore({ ...address, schema: randomId(), ...options });
  // A server that was stopped answers nothing any more.
  onTestFinished(() => void store.close({ timeoutMs: 0 }));
  return store;
}

/** A bare connection, to look behind a store. */
export async function openClient(postgres: Postgres): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: postgres.url });
  client.on('error', () => {});
  await client.connect();
  onTestFinished(() => void client.end().catch(() => {}));
  return client;
}
