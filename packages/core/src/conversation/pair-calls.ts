import type { Item } from './item.js';

/**
 * Pairs calls with results: each call with the one result that answers it. A result answers the latest message before it
 * that calls its id, and calls of one id in one message in their order. A later message that uses the id again closes
 * the earlier one. Linear.
 */
export function pairCalls(items: readonly Item[]): ReadonlyMap<Item, Item> {
  const pairs = new Map<Item, Item>();
  const open = new Map<string, { readonly messageIndex: number; readonly calls: Item[]; next: number }>();
  for (const item of items) {
    const { part, message, messageIndex } = item;
    if (part.type === 'tool-call' && message.role === 'assistant') {
      const calls = open.get(part.toolCallId);
      if (calls?.messageIndex === messageIndex) calls.calls.push(item);
      else open.set(part.toolCallId, { messageIndex, calls: [item], next: 0 });
    }
    if (part.type !== 'tool-result') continue;
    const calls = open.get(part.toolCallId);
    const call = calls?.calls[calls.next];
    if (!calls || !call) continue;
    calls.next += 1;
    pairs.set(call, item);
    pairs.set(item, call);
  }
  return pairs;
}
