import { type Entry, InvalidInputError, type IoOptions, type ThreadReader } from '@loci/core';
import { type CompactionDetails, readDetails } from '../apply/details.js';

/** A compaction as the log has it. */
export interface FoundOverlay {
  readonly entry: Extract<Entry, { kind: 'overlay' }>;
  readonly details: CompactionDetails;
  /** What shaped the thread since, and turns that failed; newest first. */
  readonly since: readonly Entry[];
}

/**
 * Finds a compaction by the id of its overlay, reading backwards; one that was undone is found, too.
 * Rejects with `InvalidInputError` where the id names none, or one whose text was redacted.
 */
export async function findOverlay(
  thread: ThreadReader,
  summaryId: string,
  options: IoOptions = {},
): Promise<FoundOverlay> {
  const since: Entry[] = [];
  for await (const entry of thread.entries({ ...options, reverse: true })) {
    if (entry.id === summaryId) {
      const details = entry.kind === 'overlay' ? readDetails(entry.data.details) : undefined;
      const isRedacted = since.some(
        (later) => later.kind === 'redaction' && later.data.derived.includes(summaryId),
      );
      if (entry.kind !== 'overlay' || !details || isRedacted) break;
      return { entry, details, since };
    }
    if (hasShaped(entry)) since.push(entry);
  }
  throw new InvalidInputError('summaryId', 'names no compaction of this thread');
}

function hasShaped({ kind, data }: Entry): boolean {
  if (kind === 'turn') return (data as { readonly state: string }).state === 'failed';
  return kind === 'overlay' || kind === 'clear' || kind === 'revert' || kind === 'redaction';
}
