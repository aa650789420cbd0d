import { type IoOptions, type Message, stubMessage, type ThreadReader } from '@loci/core';
import { readDetails } from '../apply/details.js';
import { findOverlay } from './find-overlay.js';

export interface ExpandOptions extends IoOptions {
  /** `pass`: what this compaction covered. `all`: also what those before it covered, whose summary it updated. @default 'pass' */
  readonly scope?: 'pass' | 'all';
}

/**
 * The exact originals behind a summary, in the order in which the view had them. What was redacted meanwhile is what
 * the redaction leaves of it; with `all`, a base that was redacted ends the way back. Rejects with `InvalidInputError`
 * where `summaryId` names no compaction of this thread.
 *
 * @example
 * const { summary } = await thread.view();
 * const originals = summary ? await expand(thread, summary.id, { scope: 'all' }) : [];
 */
export async function expand(
  thread: ThreadReader,
  summaryId: string,
  options: ExpandOptions = {},
): Promise<readonly Message[]> {
  const { scope = 'pass', ...io } = options;
  const { entry, details, since } = await findOverlay(thread, summaryId, io);
  const redacted = new Set<string>();
  const dead = new Set<string>();
  for (const later of since) {
    if (later.kind !== 'redaction') continue;
    for (const id of later.data.ids) redacted.add(id);
    for (const id of later.data.derived) dead.add(id);
  }
  const passes = [details.covered];
  const missing = new Set(details.covered);
  const originals = new Map<string, Message>();
  let basis = scope === 'all' ? details.basis : null;

  for await (const older of thread.entries({ ...io, reverse: true, to: entry.seq - 1 })) {
    if (missing.size === 0 && basis === null) break;
    if (older.kind === 'redaction') {
      for (const id of older.data.ids) redacted.add(id);
      for (const id of older.data.derived) dead.add(id);
    } else if (older.kind === 'overlay' && older.id === basis) {
      const base = dead.has(older.id) ? undefined : readDetails(older.data.details);
      basis = base?.basis ?? null;
      passes.unshift(base?.covered ?? []);
      for (const id of base?.covered ?? []) missing.add(id);
    } else if (older.kind === 'message' && missing.delete(older.id)) {
      originals.set(older.id, redacted.has(older.id) ? stubMessage(older.data) : older.data);
    }
  }
  return passes.flat().flatMap((id) => originals.get(id) ?? []);
}
