import {
  findProgram,
  type PostgresServer,
  type PostgresServerOptions,
  startPostgres as start,
  withServer,
} from '@loci/testing/servers';
import { afterAll, beforeAll, it, onTestFinished } from 'vitest';

export type Postgres = PostgresServer;

const program = 'postgres';
export const missing = findProgram(program) === undefined;

/** A test that needs a server; reported as skipped where the program is missing. */
export function postgresIt(title: string, body: () => Promise<void>): void {
  it(title, { timeout: 30_000 }, async ({ skip }) => {
    skip(missing, `the program ${program} is not installed`);
    await body();
  });
}

/** One server for all tests of a file. */
export function sharedPostgres(settings?: PostgresServerOptions['settings']): () => Postgres {
  return withServer({ it, beforeAll, afterAll }, program, () => start({ ...(settings && { settings }) }))
    .server;
}

/** A server of one test. */
export async function startPostgres(settings?: PostgresServerOptions['settings']): Promise<Postgres> {
  const postgres = await start({ ...(settings && { settings }) });
  onTestFinished(() => postgres.remove());
  return postgres;
}
