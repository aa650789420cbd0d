import type { FinishReason } from '@loci/core';

const reasons: Readonly<Record<string, FinishReason>> = {
  end_turn: 'stop',
  stop_sequence: 'stop',
  max_tokens: 'length',
  tool_use: 'tool-calls',
  pause_turn: 'paused',
  refusal: 'content-filter',
  model_context_window_exceeded: 'context-window',
};

/** The vendor's `stop_reason` in core's words; one that nobody knows is 'other'. */
export function mapStopReason(reason: string): FinishReason {
  return Object.hasOwn(reasons, reason) ? (reasons[reason] ?? 'other') : 'other';
}
