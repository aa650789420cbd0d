import type { FinishReason } from '@loci/core';

const reasons: Readonly<Record<string, FinishReason>> = {
  stop: 'stop',
  length: 'length',
  tool_calls: 'tool-calls',
  model_length: 'context-window',
};

/** The vendor's finish reason in core's words; one that nobody knows is 'other'. `error` is a failure, not a reason. */
export function mapFinishReason(reason: string): FinishReason {
  return Object.hasOwn(reasons, reason) ? (reasons[reason] ?? 'other') : 'other';
}
