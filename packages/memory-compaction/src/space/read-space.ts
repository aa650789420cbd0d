import type { Entry, IoOptions, ThreadReader } from '@loci/core';
import { readSpaceEntry, type SpaceEntry } from './space-entry.js';

/** The newest entries of a space that fit, newest first. */
type SpaceReader = (options: IoOptions) => Promise<readonly SpaceEntry[]>;

interface Held {
  readonly cursor: { readonly id: string; readonly seq: number; readonly at: number };
  readonly entries: readonly SpaceEntry[];
}

/**
 * Reads backwards until `limit` entries fit, and from then on only what is new. After a redaction, or where the space
 * was deleted and begun again, it starts anew.
 */
export function createSpaceReader(
  space: ThreadReader,
  limit: number,
  fits: (entry: SpaceEntry) => boolean,
): SpaceReader {
  let held: Held | undefined;
  return async function read(options) {
    const known = held;
    const found = await readNewest(space, limit, fits, options, known);
    if (found === 'moved') {
      held = undefined;
      return read(options);
    }
    if (found.cursor) held = { cursor: found.cursor, entries: found.stored };
    return found.entries;
  };
}

async function readNewest(
  space: ThreadReader,
  limit: number,
  fits: (entry: SpaceEntry) => boolean,
  options: IoOptions,
  known: Held | undefined,
) {
  const fresh: SpaceEntry[] = [];
  const queued = new Set<string>();
  const redacted = new Set<string>();
  let cursor: Entry | undefined;
  let isAnchored = known === undefined;
  const range = known ? { from: known.cursor.seq } : {};
  for await (const entry of space.entries({ ...options, ...range, reverse: true })) {
    if (!entry.pending) cursor ??= entry;
    if (known && entry.seq === known.cursor.seq) {
      isAnchored = entry.id === known.cursor.id && entry.at === known.cursor.at;
      break;
    }
    // What was read before may be among what is gone.
    if (entry.kind === 'redaction' && known) return 'moved';
    if (entry.kind === 'redaction') for (const id of entry.data.ids) redacted.add(id);
    const said = redacted.has(entry.id) ? undefined : readSpaceEntry(space.key, entry);
    if (!said || !fits(said)) continue;
    fresh.push(said);
    if (entry.pending) queued.add(said.id);
    if (fresh.length === limit) {
      isAnchored = true;
      break;
    }
  }
  if (!isAnchored) return 'moved';
  const entries = [...fresh, ...(known?.entries ?? [])].slice(0, limit);
  // The place of what is queued is not known yet: it is read again.
  return { entries, cursor, stored: entries.filter(({ id }) => !queued.has(id)) };
}
