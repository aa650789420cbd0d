import { basename } from 'node:path';
import { StoreUnavailableError, UnknownVersionError } from '@loci/core';
import { applicationId, schemaVersion } from './schema.js';

/** Throws where the owner and the version in the header of a file are not ours, or newer than this package knows. */
export function refuseForeign(path: string, owner: number, version: number): void {
  if (owner !== applicationId || version < 1) {
    throw new StoreUnavailableError(
      `${JSON.stringify(path)} is a database of another program; set another path`,
    );
  }
  if (version > schemaVersion)
    throw new UnknownVersionError([basename(path)], '@loci/stores-sqlite', version);
}
