export { findProgram } from './servers/find-program.js';
export type { TestServer } from './servers/run-server.js';
export { type PostgresServer, type PostgresServerOptions, startPostgres } from './servers/start-postgres.js';
export { type StartedProcess, startProcess } from './servers/start-process.js';
export { type RedisServer, type RedisServerOptions, startRedis } from './servers/start-redis.js';
export { type ServerTestRunner, withServer } from './servers/with-server.js';
