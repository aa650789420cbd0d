export type {
  EmbeddedPostgres,
  PostgresNotification,
  PostgresPool,
  PostgresPoolClient,
  PostgresQuerying,
} from './clients.js';
export {
  createPostgresStore,
  type PostgresStoreOptions,
  type PostgresTlsOptions,
} from './create-postgres-store.js';
export type { OnPostgresEvent, PostgresStoreEvent } from './events.js';
