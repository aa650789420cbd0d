import { type ChatRequest, canonicalJson, hashText, type Message, type TokenCounter } from '@loci/core';
import { createTokenLedger } from '@loci/core/turn';

/** What is noticed of the prompts of one conversation. */
export interface PromptWatch {
  see(request: ChatRequest): void;
  /** Prompts that did not begin with the whole prompt before them. */
  rewrites(): number;
  /** In tokens of messages. */
  largest(): number;
  last(): ChatRequest;
}

/** Looks at each message once for as long as its object lives. */
export function watchPrompts(counter: TokenCounter): PromptWatch {
  const ledger = createTokenLedger(counter);
  const digests = new WeakMap<Message, string>();
  const digestOf = (message: Message) => {
    const digest = digests.get(message) ?? hashText(canonicalJson([message.role, message.content]));
    digests.set(message, digest);
    return digest;
  };
  let before: readonly string[] = [];
  let rewrites = 0;
  let largest = 0;
  let last: ChatRequest = { messages: [] };
  return {
    see(request) {
      const now = request.messages.map(digestOf);
      if (before.some((digest, index) => digest !== now[index])) rewrites++;
      before = now;
      last = request;
      const tokens = request.messages.reduce((sum, message) => sum + ledger.count(message), 0);
      largest = Math.max(largest, tokens);
    },
    rewrites: () => rewrites,
    largest: () => largest,
    last: () => last,
  };
}
