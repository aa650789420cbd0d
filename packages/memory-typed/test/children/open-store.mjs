/** The store that `{ kind, ...options }`, as JSON, describes. */
export async function openStore(spec) {
  const { kind, ...options } = JSON.parse(spec);
  if (kind === 'sqlite') return (await import('@loci/stores-sqlite')).createSqliteStore(options);
  if (kind === 'redis') return (await import('@loci/stores-redis')).createRedisStore(options);
  if (kind === 'postgres') return (await import('@loci/stores-postgres')).createPostgresStore(options);
  throw new Error(`There is no store of the kind ${kind}.`);
}
