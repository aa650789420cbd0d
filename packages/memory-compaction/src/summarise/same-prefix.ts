import { type ChatRequest, encodeKey, type Message } from '@loci/core';
import { renderPrompt } from '@loci/core/turn';
import { type Subject, sum } from '../plan/subject.js';

/**
 * The prompt as the turn's model was last given it, up to the last message that is covered: a summary must hold nothing of
 * what stays, or to forget that would not reach it. Undefined where it does not fit into one call.
 */
export function toPrefix(
  { instructions, tools, view, thread, count, fixedTokens }: Subject,
  covered: readonly Message[],
  maxTokens: number,
): Omit<ChatRequest, 'maxOutputTokens'> | undefined {
  const { head, history, turn } = renderPrompt({ instructions, view, own: view.open, quoted: [] });
  const shown = [...head, ...history, ...turn];
  const last = covered.at(-1)?.id;
  const messages = shown.slice(0, shown.findIndex(({ id }) => id === last) + 1);
  if (fixedTokens + sum(messages, count) > maxTokens) return undefined;
  return {
    messages,
    // As in the conversation itself, the choice of tools included: a difference there would empty the cache.
    ...(tools.length > 0 ? { tools } : {}),
    cache: { affinityKey: encodeKey(thread.key), prefixEnds: last === undefined ? [] : [last] },
  };
}
