import type { Expect, Version } from '@loci/core';
import { type Row, toInteger, toText } from './database.js';

/** How many of its newest versions a document knows the operation ids of. */
export const keptOperations = 32;

export interface DocumentVersion {
  /** Made anew whenever an absent key is written. */
  readonly epoch: string;
  /** Counts the versions of one creation, from 1. */
  readonly counter: number;
}

/** The version in a stored row, or `DamagedRow`. */
export function toDocumentVersion(row: Row): DocumentVersion {
  return { epoch: toText(row, 'epoch'), counter: toInteger(row, 'counter') };
}

/** The opaque form that callers see. */
export function showVersion({ epoch, counter }: DocumentVersion): Version {
  return `${epoch}.${counter}` as Version;
}

/** Whether the state that a caller expects is the stored one; `undefined`: absent. */
export function matches(expect: Expect, stored: DocumentVersion | undefined): boolean {
  if (expect === 'any') return true;
  if (expect === 'absent') return stored === undefined;
  return stored !== undefined && expect.version === showVersion(stored);
}

/**
 * Whether the write that followed the expected version can no longer be told from somebody else's: its operation id
 * is evicted, or it belonged to an earlier creation of the key.
 */
export function mayHaveApplied(expect: Expect, stored: DocumentVersion | undefined): boolean {
  if (expect === 'any') return false;
  if (expect === 'absent') return stored !== undefined && stored.counter > keptOperations;
  const dot = expect.version.lastIndexOf('.');
  if (stored === undefined || expect.version.slice(0, dot) !== stored.epoch) return true;
  return stored.counter - Number(expect.version.slice(dot + 1)) > keptOperations;
}
