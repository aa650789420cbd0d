// One of several processes on one thread: `worker.mjs <store as JSON> <role> <name> [<where to stop>]`.
import { runThreadWorker } from '@loci/testing/compaction';
import { compaction } from '../../dist/index.js';

const [spec = '', role, name, stopAt] = process.argv.slice(2);
const { kind, ...options } = JSON.parse(spec);
const open = {
  sqlite: async () => (await import('@loci/stores-sqlite')).createSqliteStore(options),
  redis: async () => (await import('@loci/stores-redis')).createRedisStore(options),
  postgres: async () => (await import('@loci/stores-postgres')).createPostgresStore(options),
};
await runThreadWorker({ store: await open[kind](), role, name, stopAt, compaction });
