import type { Message, ModelTraits, Part, ToolCallPart, Warning } from '@loci/core';
import { compileConversation, resultText } from '@loci/core/conversation';
import type { OpenAI } from 'openai';
import { chatDialect, toDataUrl } from './chat-dialect.js';

type WireMessage = OpenAI.ChatCompletionMessageParam;
type WirePart = OpenAI.ChatCompletionContentPart;

export interface ToMessagesOptions {
  /** The role of system messages; reasoning models read `developer`. @default 'system' */
  readonly systemRole?: 'system' | 'developer';
  /** Media that the model does not take is left out. @default takes both */
  readonly features?: Partial<ModelTraits['features']>;
}

/**
 * The messages as Chat Completions takes them. The result is always legal: results directly follow their calls, a call
 * without a result is left out, a result without a call becomes quoted user text, ids and names are rewritten where the
 * vendor would refuse them, reasoning and empty messages are left out. What was lost is in `warnings`.
 *
 * @example
 * const { messages, warnings } = toOpenAIMessages(thread.messages);
 */
export function toOpenAIMessages(
  messages: readonly Message[],
  { features, systemRole }: ToMessagesOptions = {},
): { readonly messages: WireMessage[]; readonly warnings: readonly Warning[] } {
  const { messages: compiled, warnings } = compileConversation(messages, chatDialect(features));
  return { messages: toWireMessages(compiled, systemRole), warnings };
}

/** Messages that were compiled for Chat Completions, one by one. */
export function toWireMessages(
  messages: readonly Message[],
  systemRole: 'system' | 'developer' = 'system',
): WireMessage[] {
  return messages.flatMap(({ role, content }): WireMessage[] => {
    if (role === 'tool') return toResults(content);
    if (role === 'assistant') return [toAssistantMessage(content)];
    if (role === 'system') return [{ role: systemRole, content: simplify(toTexts(content)) }];
    return [{ role, content: simplify(content.flatMap(toWirePart)) }];
  });
}

function toAssistantMessage(content: readonly Part[]): WireMessage {
  const texts = toTexts(content);
  const calls = content.filter((part) => part.type === 'tool-call').map(toWireCall);
  return {
    role: 'assistant',
    content: texts.length === 0 ? null : simplify(texts),
    ...(calls.length > 0 && { tool_calls: calls }),
  };
}

function toWireCall(call: ToolCallPart): OpenAI.ChatCompletionMessageFunctionToolCall {
  return {
    id: call.toolCallId,
    type: 'function',
    function: { name: call.toolName, arguments: JSON.stringify(call.input) },
  };
}

function toResults(content: readonly Part[]): WireMessage[] {
  return content.flatMap((part) =>
    part.type === 'tool-result'
      ? [{ role: 'tool', tool_call_id: part.toolCallId, content: resultText(part) }]
      : [],
  );
}

function toTexts(content: readonly Part[]): OpenAI.ChatCompletionContentPartText[] {
  return content.flatMap((part) => (part.type === 'text' ? [{ type: 'text', text: part.text }] : []));
}

function toWirePart(part: Part): WirePart[] {
  if (part.type === 'text') return [{ type: 'text', text: part.text }];
  if (part.type === 'image') return [{ type: 'image_url', image_url: { url: toDataUrl(part) } }];
  if (part.type !== 'file') return [];
  return [{ type: 'file', file: { filename: part.name ?? 'file', file_data: toDataUrl(part) } }];
}

/** One text is sent as a plain string, which every compatible server takes. */
function simplify<P extends { readonly type: string }>(parts: P[]): string | P[] {
  const [only] = parts;
  return parts.length === 1 && only && 'text' in only && typeof only.text === 'string' ? only.text : parts;
}
