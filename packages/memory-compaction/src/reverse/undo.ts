import { ConflictError, type EntryInput, type Thread } from '@loci/core';
import { type FoundOverlay, findOverlay } from './find-overlay.js';

const maxAttempts = 20;

/**
 * Takes a compaction back, and every later one that goes on from it, in one append: the view is what it was before,
 * with what came since. A clear that came since stays in force. Resolves the ids of the overlays undone, newest first;
 * a repeat changes nothing and resolves the same ids. Rejects with `InvalidInputError` where `summaryId` names no
 * compaction of this thread, and with `ConflictError` where others shape the thread all the time.
 *
 * @example
 * const { summary } = await thread.view();
 * if (summary) await undo(thread, summary.id);
 */
export async function undo(thread: Thread, summaryId: string): Promise<readonly string[]> {
  for (let attempt = 0; attempt < maxAttempts; attempt++) {
    const { living, undone } = goingOn(await findOverlay(thread, summaryId));
    if (living.length === 0) return undone;
    try {
      await thread.append(living.map((target) => toRevert(summaryId, target)));
    } catch (error) {
      // Somebody else has undone some of them at the same time: look at what is left.
      if (!ConflictError.isInstance(error)) throw error;
    }
  }
  throw new ConflictError(thread.key);
}

/** The ids of a repeat are the same, so it is recognised; those of a later compaction are others. */
function toRevert(summaryId: string, target: string): EntryInput {
  return { id: `${undoPrefix(summaryId)}${target}`, version: 1, kind: 'revert', data: { target } };
}

function undoPrefix(summaryId: string): string {
  return `${summaryId}.undo.`;
}

/** Overlays that would keep deciding in its place, itself included, and those that an undo has ended before; newest first. */
function goingOn({ entry, since }: FoundOverlay): { living: string[]; undone: string[] } {
  const dead = new Set<string>();
  const ended = new Set<string>();
  const failed = new Set<string | undefined>();
  const undone: string[] = [];
  let living: { readonly id: string; readonly turnId: string | undefined }[] = [];
  const own = entry.data.covers.open?.turnId;
  for (const later of [...since, entry]) {
    if (later.kind === 'turn') failed.add(later.turnId);
    else if (later.kind === 'redaction') for (const id of later.data.derived) dead.add(id);
    else if (later.kind === 'revert') {
      dead.add(later.data.target);
      if (later.id === `${undoPrefix(entry.id)}${later.data.target}`) ended.add(later.data.target);
      // What was made after it had been undone does not go on from it.
      if (later.data.target === entry.id) living = [];
    } else if (later.kind === 'clear' && !dead.has(later.id)) {
      // What came after a clear goes on from the clear.
      living = [];
    } else if (later.kind === 'overlay') {
      if (ended.has(later.id)) undone.push(later.id);
      else if (!dead.has(later.id)) living.push({ id: later.id, turnId: later.data.covers.open?.turnId });
    }
  }
  // A shape of a turn that failed counts for nobody, so nothing but that turn went on from it.
  if (own !== undefined && failed.has(own)) living = living.filter(({ turnId }) => turnId === own);
  return { living: living.map(({ id }) => id), undone };
}
