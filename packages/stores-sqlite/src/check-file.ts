import { existsSync, type Stats, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { LociError, StoreUnavailableError } from '@loci/core';
import { toInteger, wrapDatabase } from './database.js';
import { refuseForeign } from './refuse-foreign.js';
import { isNotDatabase } from './sqlite-error.js';

/**
 * Throws unless there is a folder for the file, and the file is ours, empty or not there yet. Does not open it for
 * writing: SQLite would begin to recover, and so to change, a file of another program.
 */
export function checkFile(path: string): void {
  const stats = statOf(path);
  if (!stats) {
    if (statOf(dirname(path))?.isDirectory()) return;
    throw new StoreUnavailableError(
      `the folder ${JSON.stringify(dirname(path))} does not exist; make it first`,
    );
  }
  if (!stats.isFile())
    throw new StoreUnavailableError(`${JSON.stringify(path)} is not a file; set another path`);
  if (stats.size > 0) checkHeader(path);
}

function checkHeader(path: string): void {
  try {
    // Through SQLite and not with `fs`: closing a file of one's own drops the locks that other connections of this
    // process hold on it. `immutable` takes no lock, recovers nothing and makes no other file.
    const probe = wrapDatabase(new DatabaseSync(`${pathToFileURL(path)}?immutable=1`, { readOnly: true }));
    try {
      const owner = toInteger(probe.one('pragma application_id') ?? {}, 'application_id');
      const version = toInteger(probe.one('pragma user_version') ?? {}, 'user_version');
      refuseForeign(path, owner, version);
    } finally {
      probe.close();
    }
  } catch (error) {
    if (LociError.isInstance(error)) throw error;
    // Anything else is for the opening to find out. Without the write-ahead log, pages on their way from it into the file
    // do not fit together: another process is moving them, or was killed while it did. And Node before 22.15 takes no
    // addresses here at all.
    if (!isNotDatabase(error)) return;
    // A power cut while the file was being made: SQLite finds its beginning in the journal.
    if (existsSync(`${path}-journal`)) return;
    throw new StoreUnavailableError(
      `${JSON.stringify(path)} is not an SQLite database; move it or set another path`,
      error,
    );
  }
}

function statOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    throw new StoreUnavailableError(`${JSON.stringify(path)} cannot be looked at; check its folders`, error);
  }
}
