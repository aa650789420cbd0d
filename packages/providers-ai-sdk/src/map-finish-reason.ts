import type { LanguageModelV4FinishReason } from '@ai-sdk/provider';
import type { FinishReason } from '@loci/core';

// Providers put these under other reasons; only the vendor's word tells them apart.
const byVendorWord: Readonly<Record<string, FinishReason>> = {
  model_context_window_exceeded: 'context-window',
  'context-window': 'context-window',
  pause_turn: 'paused',
  paused: 'paused',
};

/**
 * A finish reason of the AI SDK in core's words; `undefined` where it says that the answer did not end properly: `error`,
 * `interrupted`, and `other` without a word of the vendor, with which providers begin and so end a stream that was cut.
 */
export function mapFinishReason({ unified, raw }: LanguageModelV4FinishReason): FinishReason | undefined {
  if (unified === 'error' || unified === 'interrupted') return undefined;
  if (unified === 'other' && raw === undefined) return undefined;
  const told = raw !== undefined && Object.hasOwn(byVendorWord, raw) ? byVendorWord[raw] : undefined;
  return told ?? unified;
}

/** Core's finish reason as one of the AI SDK; `raw` is core's own word. */
export function toAiSdkFinishReason(reason: FinishReason): LanguageModelV4FinishReason {
  const unified =
    reason === 'context-window' ? 'length' : reason === 'paused' || reason === 'other' ? 'other' : reason;
  return { unified, raw: reason };
}
