import { type ChatResponse, type FinishReason, messageText } from '@loci/core';
import { findFault } from './find-fault.js';
import { tidySummary } from './tidy-summary.js';

/** Why an answer is no summary. */
export type SummaryFault =
  | 'empty'
  | 'cut-off'
  | 'called-tools'
  | 'filtered'
  | 'too-long'
  | 'unstructured'
  | 'echo'
  | 'task-like'
  | 'leak'
  | 'invented';

/** What an answer is judged by. */
export interface SummaryContext {
  /** The text that was to be summarised, as the summariser saw it. */
  readonly input: string;
  /** The summary that the input goes on from. To repeat it is no echo. */
  readonly previous?: string | undefined;
  /** System prompts, of which nothing may appear word by word. */
  readonly instructions: readonly string[];
  readonly maxTokens: number;
  readonly countText: (text: string) => number;
}

const faults: Partial<Record<FinishReason, SummaryFault>> = {
  length: 'cut-off',
  'context-window': 'cut-off',
  paused: 'cut-off',
  'content-filter': 'filtered',
  'tool-calls': 'called-tools',
};

/**
 * Judges a summariser's answer. A fence around it, a lead-in before it and control characters are taken off, not refused.
 * Linear in the length of answer and context.
 */
export function checkSummary(
  answer: ChatResponse,
  context: SummaryContext,
): { readonly ok: true; readonly prose: string } | { readonly ok: false; readonly reason: SummaryFault } {
  const finish = faults[answer.finishReason];
  if (finish) return { ok: false, reason: finish };
  if (answer.message.content.some((part) => part.type === 'tool-call'))
    return { ok: false, reason: 'called-tools' };
  const prose = tidySummary(messageText(answer.message));
  const reason = findFault(prose, context);
  return reason ? { ok: false, reason } : { ok: true, prose };
}
