import type { Entry, Fold, Thread, Usage } from '@loci/core';
import { sumUsage } from '@loci/core/output';
import { type PassAction, readDetails } from '../apply/details.js';

/** Figures of one thread, from its log. What was redacted is in none of them. */
export interface CompactionStatistics {
  readonly messages: {
    /** That a model sees now, pinned ones included; the summary is not counted. */
    readonly inView: number;
    /** In the log, failed turns and what is covered included. */
    readonly stored: number;
  };
  /** Compactions that were not undone, and whose turn did not fail. */
  readonly compactions: number;
  /** The same, by what they did. */
  readonly actions: { readonly [action in PassAction]: number };
  readonly undone: number;
  /** Tokens before minus tokens after, over the compactions that were not undone. */
  readonly tokensSaved: number;
  /** Epoch milliseconds of the newest compaction that was not undone; `null` where there is none. */
  readonly lastAt: number | null;
  /** Fraction of what the summaries cover that their summariser saw; 1 where it saw everything, or there is none. */
  readonly coverage: number;
  /** Of summarisers, undone compactions included: they were paid. */
  readonly calls: number;
  /** Summed over the same; `null` where a vendor did not say. */
  readonly usage: Usage | null;
  /** Exact values that were covered, and how many the summaries kept. */
  readonly retention: { readonly found: number; readonly kept: number };
}

interface Pass {
  readonly action: PassAction;
  readonly at: number;
  readonly turnId: string | undefined;
  readonly saved: number;
  readonly covered: number;
  readonly seen: number;
  readonly found: number;
  readonly kept: number;
  state: 'living' | 'undone' | 'ended';
}

interface Tally {
  readonly messages: Set<string>;
  readonly passes: Map<string, Pass>;
  calls: number;
  usage: Usage | null;
}

const tally: Fold<Tally> = {
  name: '@loci/memory-compaction/statistics',
  initial: () => ({ messages: new Set(), passes: new Map(), calls: 0, usage: sumUsage([]) }),
  apply(state, entry) {
    if (entry.kind === 'message') state.messages.add(entry.id);
    else if (entry.kind === 'overlay') addPass(state, entry);
    else if (entry.kind === 'revert') end(state.passes.get(entry.data.target), 'undone');
    else if (entry.kind === 'redaction') {
      for (const id of entry.data.ids) state.messages.delete(id);
      for (const id of entry.data.derived) end(state.passes.get(id), 'ended');
    } else if (entry.kind === 'turn' && entry.data.state === 'failed') {
      for (const pass of state.passes.values()) if (pass.turnId === entry.turnId) end(pass, 'ended');
    }
    return state;
  },
};

/**
 * How a thread was compacted, from the log itself: every process gets the same figures. Costs what was appended since
 * the last call on this thread object.
 *
 * @example
 * const { compactions, tokensSaved } = await statistics(thread);
 */
export async function statistics(thread: Thread): Promise<CompactionStatistics> {
  const { messages, passes, calls, usage } = await thread.fold(tally);
  const view = await thread.view();
  const all = [...passes.values()];
  const living = all.filter(({ state }) => state === 'living');
  const summaries = living.filter(({ action }) => action === 'summary');
  const sum = (list: readonly Pass[], of: (pass: Pass) => number) =>
    list.reduce((total, pass) => total + of(pass), 0);
  const count = (action: PassAction) => living.filter((pass) => pass.action === action).length;
  const covered = sum(summaries, (pass) => pass.covered);
  return {
    messages: { inView: view.kept.length + view.messages.length, stored: messages.size },
    compactions: living.length,
    actions: { clear: count('clear'), summary: count('summary'), digest: count('digest') },
    undone: all.filter(({ state }) => state === 'undone').length,
    tokensSaved: sum(living, (pass) => pass.saved),
    lastAt: living.at(-1)?.at ?? null,
    coverage: covered === 0 ? 1 : sum(summaries, (pass) => pass.seen) / covered,
    calls,
    usage,
    retention: { found: sum(living, (pass) => pass.found), kept: sum(living, (pass) => pass.kept) },
  };
}

function addPass(state: Tally, entry: Extract<Entry, { kind: 'overlay' }>): void {
  const details = readDetails(entry.data.details);
  if (!details) return;
  const { action, covered, saw, tokens, retention, calls, usage } = details;
  const seen = new Set(saw?.ids);
  state.calls += calls;
  if (calls > 0) state.usage = sumUsage([state.usage, usage]);
  state.passes.set(entry.id, {
    action,
    at: entry.at,
    turnId: entry.data.covers.open?.turnId,
    saved: tokens.before - tokens.after,
    covered: covered.length,
    seen: covered.filter((id) => seen.has(id)).length,
    ...retention,
    state: 'living',
  });
}

/** The first word counts: what is undone stays so. */
function end(pass: Pass | undefined, state: 'undone' | 'ended'): void {
  if (pass?.state === 'living') pass.state = state;
}
