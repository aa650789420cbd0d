import type { FinishReason } from '@loci/core';
import { isObject } from '@loci/core/provider';

const reasons: Readonly<Record<string, FinishReason>> = {
  max_output_tokens: 'length',
  content_filter: 'content-filter',
};

/** Why a response ended, in core's words: its status, and of an incomplete one the reason. Calls are told by their items. */
export function mapResponsesFinish(response: Readonly<Record<string, unknown>>): FinishReason {
  if (response['status'] === 'completed') return 'stop';
  const details = response['incomplete_details'];
  const reason = isObject(details) ? details['reason'] : undefined;
  return typeof reason === 'string' && Object.hasOwn(reasons, reason)
    ? (reasons[reason] ?? 'other')
    : 'other';
}
