import type { Expect, Version } from '@loci/core';

/** How many of its newest versions a document knows the operation ids of. */
export const keptOperations = 32;

/** The opaque form that callers see. */
export function showVersion(epoch: string, count: number): Version {
  return `${epoch}.${count}` as Version;
}

/** An expectation as the functions read it; a version cannot be taken for a word. */
export function showExpect(expect: Expect): string {
  return typeof expect === 'string' ? expect : `v${expect.version}`;
}

/**
 * Whether the write that followed the expected version can no longer be told from somebody else's: its operation id
 * is evicted, or it belonged to an earlier creation of the key. A count of 0: the document is absent.
 */
export function mayHaveApplied(expect: Expect, epoch: string, count: number): boolean {
  if (expect === 'any') return false;
  if (expect === 'absent') return count > keptOperations;
  const dot = expect.version.lastIndexOf('.');
  if (count === 0 || expect.version.slice(0, dot) !== epoch) return true;
  return count - Number(expect.version.slice(dot + 1)) > keptOperations;
}
