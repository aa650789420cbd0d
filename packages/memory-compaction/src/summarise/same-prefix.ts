import { type ChatRequest, encodeKey } from '@loci/core';
import { renderPrompt } from '@loci/core/turn';
import { type Subject, sum } from '../plan/subject.js';

/**
 * The prompt as the turn's model was last given it, up to where its cache holds: instructions, tools and the whole view.
 * Undefined where it does not fit into one call.
 */
export function toPrefix(
  { instructions, tools, view, thread, count, fixedTokens }: Subject,
  maxTokens: number,
): Omit<ChatRequest, 'maxOutputTokens'> | undefined {
  const { head, history, turn } = renderPrompt({ instructions, view, own: view.open, quoted: [] });
  const messages = [...head, ...history, ...turn];
  if (fixedTokens + sum(messages, count) > maxTokens) return undefined;
  const last = messages.at(-1)?.id;
  return {
    messages,
    // As in the conversation itself, the choice of tools included: a difference there would empty the cache.
    ...(tools.length > 0 ? { tools } : {}),
    cache: { affinityKey: encodeKey(thread.key), prefixEnds: last === undefined ? [] : [last] },
  };
}
