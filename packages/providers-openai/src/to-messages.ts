import type {
  MediaPart,
  Message,
  ModelTraits,
  Part,
  ToolCallPart,
  ToolResultPart,
  Warning,
} from '@loci/core';
import type { OpenAI } from 'openai';
import { pairTools, type ToolPairs } from './pair-tools.js';
import { createWarnings, type Warnings } from './warn.js';
import { toWireNames } from './wire-names.js';

type WireMessage = OpenAI.ChatCompletionMessageParam;
type WirePart = OpenAI.ChatCompletionContentPart;

export interface ToMessagesOptions {
  /** The role of system messages; reasoning models read `developer`. @default 'system' */
  readonly systemRole?: 'system' | 'developer';
  /** Media that the model does not take is left out. @default takes both */
  readonly features?: Partial<ModelTraits['features']>;
  /** Names of tools as the request declares them. @default from the messages alone */
  readonly toolNames?: ReadonlyMap<string, string>;
}

interface Context {
  readonly pairs: ToolPairs;
  readonly ids: ReadonlyMap<string, string>;
  readonly names: ReadonlyMap<string, string>;
  readonly options: ToMessagesOptions;
  readonly warnings: Warnings;
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
  options: ToMessagesOptions = {},
): { readonly messages: WireMessage[]; readonly warnings: Warning[] } {
  const parts = messages.flatMap((message) => message.content);
  const calls = parts.filter((part) => part.type === 'tool-call');
  const warnings = createWarnings();
  const context: Context = {
    pairs: pairTools(messages),
    ids: toWireNames(
      calls.map((call) => call.toolCallId),
      40,
    ),
    names:
      options.toolNames ??
      toWireNames(
        calls.map((call) => call.toolName),
        64,
      ),
    options,
    warnings,
  };
  return {
    messages: messages.flatMap((message) => toWireMessages(message, context)),
    warnings: warnings.list(),
  };
}

function toWireMessages(message: Message, context: Context): WireMessage[] {
  const { role, content } = message;
  if (role === 'assistant') return toAssistantMessages(content, context);
  const sent = content.flatMap((part) => toUserParts(part, context));
  if (role === 'system') return toSystemMessages(sent, context);
  return sent.length === 0 ? [] : [{ role: 'user', content: simplify(sent) }];
}

function toSystemMessages(parts: readonly WirePart[], { options, warnings }: Context): WireMessage[] {
  const texts = parts.filter((part) => part.type === 'text');
  if (texts.length < parts.length)
    warnings.add('media-dropped', 'Images and files in a system message were left out.');
  return texts.length === 0 ? [] : [{ role: options.systemRole ?? 'system', content: simplify(texts) }];
}

function toAssistantMessages(content: readonly Part[], context: Context): WireMessage[] {
  const { pairs, ids, names, warnings } = context;
  const calls = content.filter((part) => part.type === 'tool-call');
  const answered = calls.filter((call) => pairs.answered.has(call));
  if (answered.length < calls.length)
    warnings.add('tool-call-dropped', 'A tool call without a result was left out.');
  const texts = content.flatMap((part) =>
    part.type === 'text' && part.text !== '' ? [{ type: 'text' as const, text: part.text }] : [],
  );
  if (content.some((part) => part.type === 'image' || part.type === 'file')) {
    warnings.add('media-dropped', 'Images and files in an assistant message were left out.');
  }
  if (texts.length === 0 && calls.length === 0 && content.some((part) => part.type === 'reasoning')) {
    warnings.add(
      'reasoning-dropped',
      'An assistant message that held only reasoning was left out: Chat Completions cannot replay it.',
    );
  }
  const orphans = content.flatMap((part) => (part.type === 'tool-result' ? toOrphanText(part, context) : []));
  const quoted: WireMessage[] = orphans.length === 0 ? [] : [{ role: 'user', content: simplify(orphans) }];
  if (answered.length === 0)
    return texts.length === 0 ? quoted : [{ role: 'assistant', content: simplify(texts) }, ...quoted];

  const toolCalls = answered.map((call) => toWireCall(call, ids, names));
  const results = answered.flatMap((call) => toResultMessage(call, context));
  return [
    { role: 'assistant', content: texts.length === 0 ? null : simplify(texts), tool_calls: toolCalls },
    ...results,
    ...quoted,
  ];
}

function toWireCall(
  call: ToolCallPart,
  ids: Context['ids'],
  names: Context['names'],
): OpenAI.ChatCompletionMessageFunctionToolCall {
  const name =
    names.get(call.toolName) ?? toWireNames([call.toolName], 64).get(call.toolName) ?? call.toolName;
  return {
    id: ids.get(call.toolCallId) ?? call.toolCallId,
    type: 'function',
    function: { name, arguments: JSON.stringify(call.input) },
  };
}

function toResultMessage(call: ToolCallPart, { pairs, ids }: Context): WireMessage[] {
  const result = pairs.answered.get(call);
  return result
    ? [
        {
          role: 'tool',
          tool_call_id: ids.get(call.toolCallId) ?? call.toolCallId,
          content: resultText(result),
        },
      ]
    : [];
}

/** A part of a message that is not the assistant's. Results that answer a call were sent with it. */
function toUserParts(part: Part, context: Context): WirePart[] {
  switch (part.type) {
    case 'text':
      return part.text === '' ? [] : [{ type: 'text', text: part.text }];
    case 'image':
    case 'file':
      return toMedia(part, context);
    case 'tool-result':
      return toOrphanText(part, context);
    case 'tool-call':
      context.warnings.add('tool-call-dropped', 'A tool call outside an assistant message was left out.');
      return [];
    case 'reasoning':
      return [];
  }
}

function toOrphanText(
  part: ToolResultPart,
  { pairs, warnings }: Context,
): OpenAI.ChatCompletionContentPartText[] {
  if (pairs.used.has(part)) return [];
  warnings.add('tool-result-quoted', 'A tool result without its call was sent as quoted text.');
  return [
    {
      type: 'text',
      text: `Result of the tool ${JSON.stringify(part.toolName)}, quoted (its call is no longer here):\n${resultText(part)}`,
    },
  ];
}

function resultText({ output, isError }: ToolResultPart): string {
  const text = typeof output === 'string' ? output : JSON.stringify(output);
  return isError ? `Error: ${text}` : text;
}

function toMedia(part: MediaPart, { options, warnings }: Context): WirePart[] {
  const { type, mediaType, data, name } = part;
  if (options.features?.[type === 'image' ? 'images' : 'files'] === 'no') {
    warnings.add('media-dropped', 'The model takes no images or files of this kind; they were left out.');
    return [];
  }
  const isUrl = /^https?:\/\//i.test(data);
  const url = isUrl || /^data:/i.test(data) ? data : `data:${mediaType};base64,${data}`;
  if (type === 'image') return [{ type: 'image_url', image_url: { url } }];
  if (isUrl) {
    warnings.add('file-url', 'Chat Completions takes no files by URL; the URL was sent as text.');
    return [{ type: 'text', text: `File ${name ?? ''}: ${data}` }];
  }
  return [{ type: 'file', file: { filename: name ?? 'file', file_data: url } }];
}

/** One text is sent as a plain string, which every compatible server takes. */
function simplify<P extends { readonly type: string }>(parts: P[]): string | P[] {
  const [only] = parts;
  return parts.length === 1 && only && 'text' in only && typeof only.text === 'string' ? only.text : parts;
}
