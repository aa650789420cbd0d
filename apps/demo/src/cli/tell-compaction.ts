import type { Candidate, CompactionEvent } from '@loci/memory-compaction';

export type FinishedPass = Extract<CompactionEvent, { type: 'compaction-finished' }>;

/** What a pass did, and what the plan before the turn had said that it would cost. */
export function tellPass(
  pass: FinishedPass,
  candidates: readonly Candidate[],
  show: (cost: number) => string,
): string {
  const { action, before, after, covered } = pass;
  const what = action === 'clear' ? 'old tool results are cleared' : `${covered} messages become a ${action}`;
  const planned = candidates.findLast((candidate) => candidate.action === action);
  const price = planned ? `, planned at ${show(planned.cost)}` : '';
  return `↓ ${what}: ${before} → ${after} tokens, ${countCalls(pass.calls)}${price}`;
}

/** `1 call`, `2 calls`. */
export function countCalls(count: number): string {
  return count === 1 ? '1 call' : `${count} calls`;
}
