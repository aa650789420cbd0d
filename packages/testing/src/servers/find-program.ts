import { accessSync, constants, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Where Debian and its descendants keep what PostgreSQL does not put on the path. */
const postgresFolder = '/usr/lib/postgresql';

/** The path of a program, looked for on `PATH` and then among PostgreSQL's own folders; `undefined` where it is missing. */
export function findProgram(name: string): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), ...postgresFolders()];
  return folders.map((folder) => join(folder, name)).find(isProgram);
}

/** The newest version first. */
function postgresFolders(): readonly string[] {
  try {
    const versions = readdirSync(postgresFolder).sort((a, b) => Number(b) - Number(a));
    return versions.map((version) => join(postgresFolder, version, 'bin'));
  } catch {
    return [];
  }
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
