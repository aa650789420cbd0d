import type { Anthropic } from '@anthropic-ai/sdk';
import type { Message, Part, ToolResultPart, Warning } from '@loci/core';
import { type CompiledConversation, compileConversation, type LossReport } from '@loci/core/conversation';
import { isObject } from '@loci/core/provider';
import { type MessagesDialectOptions, messagesDialect } from './messages-dialect.js';
import { toMediaBlock } from './to-media.js';
import { toThinkingBlock } from './to-reasoning.js';

type Block = Anthropic.ContentBlockParam;

export interface ToMessagesOptions extends MessagesDialectOptions, MarkOptions {}

/** Where the vendor's prompt cache ends a prefix. */
export interface MarkOptions {
  /** Ids of the messages that end a cached prefix: the last block of each is marked, of at most four. @default none */
  readonly prefixEnds?: readonly string[];
  /** @default '5m' */
  readonly cacheTtl?: '5m' | '1h';
}

export interface WireMessages {
  /** Empty where no system message has text. */
  readonly system: Anthropic.TextBlockParam[];
  readonly messages: Anthropic.MessageParam[];
}

/**
 * The messages as Messages takes them. The result is always legal: system messages come first, apart; consecutive messages
 * of one role are one turn; results directly follow their calls and come first in their turn; a call without a result is
 * left out, a result without a call becomes quoted user text; ids are unique and, like names, rewritten where the vendor
 * would refuse them; blank texts are left out, and so is thinking of anybody but the reader. What was lost is in `warnings`
 * and, part by part, in `report`.
 *
 * @example
 * const { system, messages, warnings } = toAnthropicMessages(thread.messages);
 */
export function toAnthropicMessages(
  messages: readonly Message[],
  options: ToMessagesOptions = {},
): WireMessages & { readonly warnings: readonly Warning[]; readonly report: LossReport } {
  const compiled = compileConversation(messages, messagesDialect(options));
  const { warnings, report } = compiled;
  return { ...toWireMessages(compiled, options), warnings, report };
}

/** Messages that were compiled for `messagesDialect`, block by block. */
export function toWireMessages(compiled: CompiledConversation, options: MarkOptions = {}): WireMessages {
  const system: Anthropic.TextBlockParam[] = [];
  const messages: { role: 'user' | 'assistant'; content: Block[] }[] = [];
  const blocks = compiled.messages.map(({ content }) => content.map(toBlock));
  for (const [index, { role }] of compiled.messages.entries()) {
    const content = (blocks[index] ?? []).filter((block) => block !== undefined);
    const wireRole = role === 'assistant' ? 'assistant' : 'user';
    const last = messages.at(-1);
    if (role === 'system') system.push(...content.filter((block) => block.type === 'text'));
    else if (last?.role === wireRole) last.content.push(...content);
    else messages.push({ role: wireRole, content });
  }
  // The vendor refuses an answer to be continued that ends in white space.
  const end = messages.at(-1);
  const unfinished = end?.role === 'assistant' ? end.content.at(-1) : undefined;
  if (unfinished?.type === 'text') unfinished.text = unfinished.text.trimEnd();
  const marked = (options.prefixEnds ?? []).flatMap((id) => {
    const place = compiled.endOf(id);
    return (place && blocks[place.message]?.[place.part]) ?? [];
  });
  mark(marked, options.cacheTtl);
  return { system, messages };
}

function toBlock(part: Part): Block | undefined {
  switch (part.type) {
    case 'text':
      return { type: 'text', text: part.text };
    case 'image':
    case 'file':
      return toMediaBlock(part);
    case 'reasoning':
      return toThinkingBlock(part, part.origin);
    case 'tool-call':
      return {
        type: 'tool_use',
        id: part.toolCallId,
        name: part.toolName,
        // The table of the dialect demands objects.
        input: isObject(part.input) ? part.input : {},
      };
    case 'tool-result':
      return toResult(part);
  }
}

/** A result without words has no content: the vendor refuses a blank text here as everywhere. */
function toResult({ toolCallId, output, isError }: ToolResultPart): Anthropic.ToolResultBlockParam {
  const text = typeof output === 'string' ? output : JSON.stringify(output);
  return {
    type: 'tool_result',
    tool_use_id: toolCallId,
    ...(text.trim() !== '' && { content: text }),
    ...(isError && { is_error: true }),
  };
}

const mostMarks = 4;

function mark(blocks: readonly Block[], ttl: '5m' | '1h' = '5m'): void {
  const markable = [...new Set(blocks)].filter(({ type }) => !type.endsWith('thinking'));
  // The first one holds instructions that every conversation shares, the last ones what this one said.
  const chosen =
    markable.length > mostMarks ? [...markable.slice(0, 1), ...markable.slice(1 - mostMarks)] : markable;
  for (const block of chosen)
    Object.assign(block, { cache_control: { type: 'ephemeral', ...(ttl === '1h' && { ttl }) } });
}
