import { DatabaseSync } from 'node:sqlite';
import { StoreUnavailableError } from '@loci/core';
import { checkFile } from './check-file.js';
import type { Settings } from './check-options.js';
import { type Database, inTransaction, toInteger, wrapDatabase } from './database.js';
import { refuseForeign } from './refuse-foreign.js';
import { tables } from './schema.js';
import { step } from './steps.js';

// SQLite waits by sleeping, which stops the whole process; the long waiting is done outside, asynchronously.
const sleepMs = 5;

/**
 * Opens the file, making it if there is none. Throws SQLite's own error where another connection holds a lock, so that
 * the caller can try again, and `StoreUnavailableError` or `UnknownVersionError` where the file is not for us: such a
 * file is left as it is.
 */
export function openDatabase(settings: Pick<Settings, 'path' | 'durability'>): Database {
  checkFile(settings.path);
  const database = wrapDatabase(new DatabaseSync(settings.path));
  try {
    prepare(database, settings);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function prepare(database: Database, { path, durability }: Pick<Settings, 'path' | 'durability'>): void {
  database.one(`pragma busy_timeout = ${sleepMs}`);
  if (isEmpty(database)) create(database, durability);
  checkSchema(database, path);
  // No temporary files elsewhere, and no functions hidden in a schema that somebody tampered with.
  for (const pragma of ['temp_store = memory', 'trusted_schema = off', ...flushing(durability)]) {
    database.run(`pragma ${pragma}`);
  }
  // What a delete or a redaction removes is overwritten, not only unlinked.
  database.one('pragma secure_delete = on');
  const mode = database.one('pragma journal_mode = wal')?.journal_mode;
  if (mode !== 'wal') {
    throw new StoreUnavailableError(
      'its file system has no shared memory for several processes; use a local disk',
    );
  }
}

function flushing(durability: Settings['durability']): readonly string[] {
  if (durability === 'process') return ['synchronous = normal'];
  // On macOS a plain flush stops at the drive's own cache.
  return ['synchronous = full', 'fullfsync = on', 'checkpoint_fullfsync = on'];
}

function isEmpty(database: Database): boolean {
  return toInteger(database.one('select count(*) as tables from sqlite_schema') ?? {}, 'tables') === 0;
}

function create(database: Database, durability: Settings['durability']): void {
  for (const pragma of flushing(durability)) database.run(`pragma ${pragma}`);
  inTransaction(database, 'immediate', () => {
    // Another process may have been faster between the look and the lock.
    if (!isEmpty(database)) return;
    for (const statement of tables) {
      database.run(statement);
      step('schema-creation');
    }
  });
}

function checkSchema(database: Database, path: string): void {
  const owner = toInteger(database.one('pragma application_id') ?? {}, 'application_id');
  const version = toInteger(database.one('pragma user_version') ?? {}, 'user_version');
  refuseForeign(path, owner, version);
}
