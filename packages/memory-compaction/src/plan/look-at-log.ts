import type { Settings } from '../options/settings.js';
import type { Subject } from './subject.js';

/** What the end of the log tells about the calls before this one. */
export interface Recent {
  /** Milliseconds since the last call; undefined where none was found. */
  readonly idleMs: number | undefined;
  /** Whether the vendor still has the prompt in its cache, as far as one can tell. */
  readonly cache: 'warm' | 'cold' | 'unknown';
  /** Seq of the entry by which somebody took a compaction back, where nothing was compacted since. */
  readonly undoneAt: number | undefined;
  /** Entries are queued and not stored yet: nothing can be shaped now. */
  readonly pending: boolean;
}

/** An old call says nothing new, and a long look costs. */
const mostEntries = 200;

/** Reads back to the last call and the last word on the shape. */
export async function lookAtLog(
  { thread, view, model, signal }: Subject,
  settings: Settings,
): Promise<Recent> {
  let call: { at: number; model: string } | undefined;
  let undoneAt: number | undefined;
  let pending = false;
  let basisMet = view.basis === null;
  let left = mostEntries;
  for await (const entry of thread.entries({ reverse: true, ...(signal ? { signal } : {}) })) {
    pending ||= entry.pending ?? false;
    if (entry.kind === 'call') call ??= { at: entry.at, model: entry.data.model };
    if (entry.id === view.basis) {
      basisMet = true;
      if (entry.kind === 'revert') undoneAt = entry.seq;
    }
    if ((call && basisMet) || --left === 0) break;
  }
  const idleMs = call && Math.max(0, settings.clock.now() - call.at);
  const another = call && model && call.model !== `${model.provider}/${model.modelId}`;
  return {
    idleMs,
    // A router answers under its models' names, which are not its own.
    cache:
      idleMs === undefined || (another && model.provider === 'router')
        ? 'unknown'
        : another || idleMs >= settings.cacheTtlMs
          ? 'cold'
          : 'warm',
    undoneAt,
    pending,
  };
}
