import {
  closeSync,
  constants,
  copyFileSync,
  existsSync,
  fsyncSync,
  linkSync,
  openSync,
  rmSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { InvalidInputError, type IoOptions, randomId, StoreUnavailableError } from '@loci/core';
import { checkPath } from './check-options.js';
import type { Connection } from './connection.js';
import { step } from './steps.js';

/**
 * Copies the store to a new file. The copy is made under a name of its own beside the target and gets its final name
 * when it is whole and on the disk, so a crash never leaves half a copy that looks like one.
 */
export async function copyTo(connection: Connection, path: string, options: IoOptions = {}): Promise<void> {
  connection.admit(options);
  const target = checkPath('path', path);
  if (existsSync(target)) throw alreadyThere();
  if (!existsSync(dirname(target))) throw new InvalidInputError('path', 'is in a folder that does not exist');
  const unfinished = `${target}.unfinished-${randomId()}`;
  try {
    await connection.use(
      (database) => {
        step('backup');
        database.run('vacuum into ?', unfinished);
      },
      { ...options, key: [] },
    );
    step('backup');
    publish(unfinished, target);
  } finally {
    rmSync(unfinished, { force: true });
  }
}

function publish(unfinished: string, target: string): void {
  try {
    flush(unfinished);
    giveName(unfinished, target);
  } catch (error) {
    if (isCode(error, 'EEXIST')) throw alreadyThere();
    throw new StoreUnavailableError('its copy cannot be written; check the folder and the disk', error);
  }
}

function flush(path: string): void {
  const file = openSync(path, 'r+');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** A link and not a rename, which would overwrite a file that came there meanwhile. */
function giveName(unfinished: string, target: string): void {
  try {
    linkSync(unfinished, target);
  } catch (error) {
    if (isCode(error, 'EEXIST')) throw error;
    // File systems without links.
    copyFileSync(unfinished, target, constants.COPYFILE_EXCL);
    flush(target);
  }
}

function alreadyThere(): InvalidInputError {
  return new InvalidInputError('path', 'is a file that already exists');
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
