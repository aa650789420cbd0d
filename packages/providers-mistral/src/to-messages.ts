import type { Message, Part, ReasoningPart, ToolCallPart, Warning } from '@loci/core';
import { resultText } from '@loci/core/conversation';
import { isObject } from '@loci/core/provider';
import type {
  ChatCompletionStreamRequestMessage,
  ContentChunk,
  ThinkChunk,
  ToolCall,
} from '@mistralai/mistralai/models/components';
import { compileForMistral } from './compile.js';
import { type MistralDialectOptions, toDataUrl } from './mistral-dialect.js';

/** A message as the vendor's SDK takes it. */
export type WireMessage = ChatCompletionStreamRequestMessage;

export type ToMessagesOptions = Omit<MistralDialectOptions, 'prefix'>;

/**
 * The messages as the vendor's SDK takes them. The result is always legal: results directly follow their calls, a call
 * without a result is left out, a result without a call becomes quoted user text, ids become nine characters, names are
 * rewritten where the vendor would refuse them, roles come in an order that it takes. Reasoning is replayed to the model
 * that made it, and to no other. What was lost is in `warnings`.
 *
 * @example
 * const { messages, warnings } = toMistralMessages(thread.messages);
 */
export function toMistralMessages(
  messages: readonly Message[],
  options: ToMessagesOptions = {},
): { readonly messages: WireMessage[]; readonly warnings: readonly Warning[] } {
  const { messages: compiled, prefix, warnings } = compileForMistral(messages, options);
  return { messages: toWireMessages(compiled, prefix), warnings };
}

/** Messages that were compiled for Mistral Chat, one by one. */
export function toWireMessages(messages: readonly Message[], prefix = false): WireMessage[] {
  return messages.flatMap(({ role, content }, index): WireMessage[] => {
    if (role === 'tool') return toResults(content);
    if (role === 'assistant') return [toAssistant(content, prefix && index === messages.length - 1)];
    if (role === 'system') return [{ role, content: simplify(content.filter(isText).map(toText)) }];
    return [{ role, content: simplify(content.flatMap(toChunk)) }];
  });
}

function toAssistant(content: readonly Part[], prefix: boolean): WireMessage {
  const said = content.flatMap((part): ContentChunk[] => {
    if (part.type === 'text') return [toText(part)];
    return part.type === 'reasoning' ? toThinking(part) : [];
  });
  const toolCalls = content.filter((part) => part.type === 'tool-call').map(toWireCall);
  return {
    role: 'assistant',
    content: simplify(said),
    ...(toolCalls.length > 0 && { toolCalls }),
    ...(prefix && { prefix }),
  };
}

/** Reasoning in the vendor's own form. The compiler has left only that of the model that is asked. */
function toThinking({ text, payload }: ReasoningPart): ContentChunk[] {
  const kept = isObject(payload) && Array.isArray(payload['thinking']) ? payload : undefined;
  if (!kept) return text === '' ? [] : [{ type: 'thinking', thinking: [{ type: 'text', text }] }];
  const { signature, closed } = kept;
  return [
    {
      type: 'thinking',
      // It was read from this vendor, which takes back what it said; the SDK checks it again.
      thinking: kept['thinking'] as ThinkChunk['thinking'],
      ...(typeof signature === 'string' && { signature }),
      ...(typeof closed === 'boolean' && { closed }),
    },
  ];
}

function toWireCall({ toolCallId, toolName, input }: ToolCallPart, index: number): ToolCall {
  return {
    id: toolCallId,
    type: 'function',
    function: { name: toolName, arguments: JSON.stringify(input) },
    index,
  };
}

function toResults(content: readonly Part[]): WireMessage[] {
  return content.flatMap((part) =>
    part.type === 'tool-result'
      ? [{ role: 'tool', toolCallId: part.toolCallId, name: part.toolName, content: resultText(part) }]
      : [],
  );
}

function toChunk(part: Part): ContentChunk[] {
  if (part.type === 'text') return [toText(part)];
  if (part.type === 'image') return [{ type: 'image_url', imageUrl: toDataUrl(part) }];
  if (part.type !== 'file') return [];
  const { name } = part;
  return [
    { type: 'document_url', documentUrl: toDataUrl(part), ...(name !== undefined && { documentName: name }) },
  ];
}

function isText(part: Part): part is Part & { readonly type: 'text' } {
  return part.type === 'text';
}

function toText({ text }: { readonly text: string }): { type: 'text'; text: string } {
  return { type: 'text', text };
}

/** One text is sent as a plain string, and nothing as an empty one. */
function simplify<Chunk extends ContentChunk>(chunks: Chunk[]): string | Chunk[] {
  const [only] = chunks;
  if (only === undefined) return '';
  return chunks.length === 1 && only.type === 'text' && typeof only.text === 'string' ? only.text : chunks;
}
