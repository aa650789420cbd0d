import { UnknownVersionError } from '@loci/core';
import type { Backend, Row, Run } from './backend.js';
import { migrations as allMigrations, type Migration } from './migrations.js';
import { functionNames, type Names } from './names.js';
import { parseInteger } from './parse-stored.js';
import { isMissing } from './postgres-error.js';
import { createDocumentFunctions } from './sql/document-functions.js';
import { createLogFunctions } from './sql/log-functions.js';
import { step } from './steps.js';

/**
 * Brings the schema to the newest version, where it is not there yet. Any number of processes may do so at once: the
 * first one does it, in one transaction, and the others wait for it. Rejects with `UnknownVersionError`, and changes
 * nothing, where a newer version of this package has been there.
 */
export async function migrate(
  backend: Backend,
  names: Names,
  end: AbortSignal,
  migrations: readonly Migration[] = allMigrations,
): Promise<void> {
  const readVersion = `select version from ${names.meta}`;
  const newest = migrations.length;
  if ((await findVersion(() => backend.query(readVersion, [], end), names, newest)) === newest) return;
  await backend.transaction(async (run) => {
    await run(`select pg_advisory_xact_lock(${names.locks.migration})`);
    // Asked for first: to create a schema "if it does not exist" takes the right to create one, even where it does.
    const found = await run('select 1 from pg_namespace where nspname = $1', [names.plainSchema]);
    if (found.length === 0) await run(`create schema ${names.schema}`);
    await run(`create table if not exists ${names.meta} (version int not null)`);
    const stored = refuseNewer(names, await run(readVersion), newest);
    if (stored === newest) return;
    for (const migration of migrations.slice(stored)) await runAll(run, migration(names));
    await runAll(run, replaceFunctions(names, stored));
    await run(`delete from ${names.meta}`);
    await run(`insert into ${names.meta} (version) values ($1)`, [newest]);
  }, end);
}

async function findVersion(
  read: () => Promise<readonly Row[]>,
  names: Names,
  newest: number,
): Promise<number> {
  try {
    return refuseNewer(names, await read(), newest);
  } catch (error) {
    if (isMissing(error)) return 0;
    throw error;
  }
}

/** The version in a row of the table of versions; 0 where there is none. */
function refuseNewer(names: Names, [row]: readonly Row[], newest: number): number {
  const version = row ? parseInteger(row['version'], 'version') : 0;
  if (version > newest) throw new UnknownVersionError([names.plainSchema], '@loci/stores-postgres', version);
  return version;
}

function replaceFunctions(names: Names, stored: number): readonly string[] {
  const old = stored === 0 ? [] : functionNames.map((name) => names.fn(name, stored));
  return [
    ...old.map((name) => `drop function if exists ${name}`),
    ...createDocumentFunctions(names),
    ...createLogFunctions(names),
  ];
}

async function runAll(run: Run, statements: readonly string[]): Promise<void> {
  for (const statement of statements) {
    await run(statement);
    step('schema-creation');
  }
}
