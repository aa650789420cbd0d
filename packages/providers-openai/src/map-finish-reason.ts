import type { FinishReason } from '@loci/core';

const reasons: Readonly<Record<string, FinishReason>> = {
  stop: 'stop',
  length: 'length',
  tool_calls: 'tool-calls',
  function_call: 'tool-calls',
  content_filter: 'content-filter',
  // Of compatible servers.
  model_length: 'context-window',
};

/** The vendor's `finish_reason` in core's words; one that nobody knows is 'other'. */
export function mapFinishReason(reason: string): FinishReason {
  return Object.hasOwn(reasons, reason) ? (reasons[reason] ?? 'other') : 'other';
}
