import { ConflictError, type Key, type Thread } from '@loci/core';
import { readDetails } from '../apply/details.js';
import { createMatcher, type ForgetWhat, hasText } from './matcher.js';

const maxAttempts = 20;

/** What was removed from one thread. */
export interface ForgottenCounts {
  readonly key: Key;
  readonly messages: number;
  /** Entries of plugins, for example of spaces, and reasons of failed turns. */
  readonly entries: number;
  /** Summaries and other shapes that held it or were made from it. */
  readonly summaries: number;
}

/** One for each thread, in the order given. */
export type ForgetReceipt = readonly ForgottenCounts[];

type Kind = 'messages' | 'entries' | 'summaries';

/**
 * Removes messages, plugin entries and everything that was summarised from them, for good: afterwards they are in no
 * view, summary or stored row. Ids, roles, times, agents and the names of tools stay, so that what is left is a legal
 * history. Safe to repeat, and a repeat finishes what was stopped; forks made before are threads of their own, so name
 * them too. Rejects with `InvalidInputError` where nothing says what to forget, and with `ConflictError` where new
 * entries that fit come faster than they can be removed.
 *
 * @example
 * const [receipt] = await forget(thread, { text: 'anna@example.com' });
 */
export async function forget(threads: readonly Thread[] | Thread, what: ForgetWhat): Promise<ForgetReceipt> {
  const isWanted = createMatcher(what);
  const receipt: ForgottenCounts[] = [];
  for (const thread of [threads].flat()) receipt.push(await forgetIn(thread, isWanted));
  return receipt;
}

async function forgetIn(
  thread: Thread,
  isWanted: ReturnType<typeof createMatcher>,
): Promise<ForgottenCounts> {
  const gone: Record<Kind, Set<string>> = { messages: new Set(), entries: new Set(), summaries: new Set() };
  for (let attempt = 0; attempt < maxAttempts; attempt++) {
    const { found, shapes, seq } = await look(thread, isWanted);
    if (found.size === 0) {
      const { messages, entries, summaries } = gone;
      return { key: thread.key, messages: messages.size, entries: entries.size, summaries: summaries.size };
    }
    await thread.redact([...found.keys()]);
    for (const [id, kind] of found) gone[kind].add(id);
    for await (const entry of thread.entries({ from: seq + 1 })) {
      if (entry.kind !== 'redaction') continue;
      for (const id of entry.data.derived) if (shapes.has(id)) gone.summaries.add(id);
    }
  }
  throw new ConflictError(thread.key, {
    reason: 'entries that are to be forgotten keep coming; those that were found are forgotten',
  });
}

/** What fits and still has text, the shapes that have, and the seq up to which was read. */
async function look(thread: Thread, isWanted: ReturnType<typeof createMatcher>) {
  const found = new Map<string, Kind>();
  const shapes = new Set<string>();
  let seq = 0;
  for await (const entry of thread.entries()) {
    ({ seq } = entry);
    if (!hasText(entry)) continue;
    if (entry.kind === 'overlay') {
      shapes.add(entry.id);
      // An update of a summary that goes is made from it.
      const basis = readDetails(entry.data.details)?.basis;
      if (isWanted(entry) || (basis && found.has(basis))) found.set(entry.id, 'summaries');
    } else if (isWanted(entry)) found.set(entry.id, entry.kind === 'message' ? 'messages' : 'entries');
  }
  return { found, shapes, seq };
}
