import type { Message, Part } from '../message/message.js';
import type { ToolSpec } from '../model/model.js';
import type { TokenCounter } from './counter.js';

/** Role, separators and name around one message, as chat formats add them. */
const frameTokens = 4;
/** A vendor's figure for a large picture; the real one depends on its size, which a URL does not tell. */
const imageTokens = 1100;

/** Counts messages once each and keeps a running total. */
export interface TokenLedger {
  /** Tokens of all messages that were added and not removed. INVARIANT: equal to a full recount. */
  readonly total: number;
  /** Costs what this message costs; one that was added before, by id, is replaced. Returns its tokens. */
  add(message: Message): number;
  /** Costs nothing of note. Returns whether it was there. */
  remove(id: string): boolean;
  /** Tokens of one message; remembered for as long as the message object lives. */
  count(message: Message): number;
}

/**
 * @example
 * const ledger = createTokenLedger(estimateCounter);
 * for (const message of view.messages) ledger.add(message);
 * if (ledger.total > 8000) …
 */
export function createTokenLedger(counter: TokenCounter): TokenLedger {
  const known = new WeakMap<Message, number>();
  const added = new Map<string, number>();
  let total = 0;
  const count = (message: Message) => {
    const tokens = known.get(message) ?? countMessage(counter, message);
    known.set(message, tokens);
    return tokens;
  };
  const remove = (id: string) => {
    total -= added.get(id) ?? 0;
    return added.delete(id);
  };
  return {
    get total() {
      return total;
    },
    add(message) {
      const tokens = count(message);
      remove(message.id);
      added.set(message.id, tokens);
      total += tokens;
      return tokens;
    },
    remove,
    count,
  };
}

/** Tokens of one message, framing included. Linear in its size. */
export function countMessage(counter: TokenCounter, message: Pick<Message, 'content'>): number {
  return message.content.reduce((sum, part) => sum + countPart(counter, part), frameTokens);
}

/** Tokens of the tool definitions of a request. */
export function countTools(counter: TokenCounter, tools: readonly ToolSpec[] = []): number {
  return tools.reduce(
    (sum, { name, description, inputSchema }) =>
      sum + 8 + counter.countText(`${name} ${description} ${JSON.stringify(inputSchema)}`),
    0,
  );
}

function countPart(counter: TokenCounter, part: Part): number {
  switch (part.type) {
    case 'text':
    case 'reasoning':
      return counter.countText(part.text);
    case 'image':
      return imageTokens;
    case 'file':
      // Vendors extract a document's text and often its pages as pictures, too.
      return imageTokens + Math.ceil(part.data.length / 16);
    case 'tool-call':
      return 8 + counter.countText(part.toolName) + counter.countText(JSON.stringify(part.input));
    case 'tool-result':
      return (
        8 + counter.countText(typeof part.output === 'string' ? part.output : JSON.stringify(part.output))
      );
  }
}
