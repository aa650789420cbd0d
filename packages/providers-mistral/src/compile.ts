import type { Message } from '@loci/core';
import { type CompiledConversation, compileConversation } from '@loci/core/conversation';
import { type MistralDialectOptions, mistralDialect } from './mistral-dialect.js';

export interface CompiledForMistral extends CompiledConversation {
  /** The last message begins the answer: the vendor wants it marked. */
  readonly prefix: boolean;
}

/**
 * The conversation as the vendor takes it. One that ends with the assistant's words is sent as the beginning of the
 * answer, unless the model is known not to take that or nothing else is left of it.
 */
export function compileForMistral(
  messages: readonly Message[],
  options: Omit<MistralDialectOptions, 'prefix'>,
  tools: readonly string[] = [],
): CompiledForMistral {
  if (messages.at(-1)?.role === 'assistant' && options.features?.prefill !== 'no') {
    const compiled = compileConversation(messages, mistralDialect({ ...options, prefix: true }), { tools });
    // The vendor refuses an assistant alone.
    if (compiled.messages.length > 1 && compiled.messages.at(-1)?.role === 'assistant')
      return { ...compiled, prefix: true };
  }
  return { ...compileConversation(messages, mistralDialect(options), { tools }), prefix: false };
}
