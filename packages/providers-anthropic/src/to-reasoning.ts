import type { Anthropic } from '@anthropic-ai/sdk';
import type { Origin, ReasoningPart } from '@loci/core';
import { isObject } from '@loci/core/provider';

type ThinkingBlock = Anthropic.ThinkingBlockParam | Anthropic.RedactedThinkingBlockParam;

/**
 * A thinking block as the vendor sent it, or `undefined` where this is none of this model's: its signature is bound to the
 * model, and another one's is a 400 that no retry heals. An empty one is kept while it is signed.
 */
export function toThinkingBlock(
  { origin, payload }: ReasoningPart,
  target: Origin,
): ThinkingBlock | undefined {
  const isOurs =
    origin.provider === target.provider && origin.model === target.model && origin.account === target.account;
  if (!isOurs || !isObject(payload)) return undefined;
  const { type, thinking, signature, data } = payload;
  if (type === 'thinking' && typeof thinking === 'string' && typeof signature === 'string' && signature)
    return { type, thinking, signature };
  return type === 'redacted_thinking' && typeof data === 'string' ? { type, data } : undefined;
}
