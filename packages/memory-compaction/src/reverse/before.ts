import type { Thread, ThreadReader } from '@loci/core';
import { findOverlay } from './find-overlay.js';

/**
 * The thread as it was just before a compaction, to read. Rejects with `InvalidInputError` where `summaryId` names no
 * compaction of this thread.
 *
 * @example
 * const { messages } = await (await before(thread, summaryId)).view();
 */
export async function before(thread: Thread, summaryId: string): Promise<ThreadReader> {
  const { entry } = await findOverlay(thread, summaryId);
  return thread.at(entry.seq - 1);
}
