import {
  createMessage,
  InvalidInputError,
  type JsonValue,
  type Message,
  type Origin,
  type Part,
} from '@loci/core';
import type { ContentChunk, ToolCall } from '@mistralai/mistralai/models/components';
import { createThinking } from './thinking.js';
import type { WireMessage } from './to-messages.js';

/**
 * Messages of the vendor's SDK as core's messages, with new ids and times. Thinking gets the origin that is given, and is
 * left out without one. Throws `InvalidInputError` where a call's arguments are not JSON.
 *
 * @example
 * const messages = fromMistralMessages(request.messages);
 */
export function fromMistralMessages(
  messages: readonly WireMessage[],
  source: {
    readonly now?: () => number;
    readonly randomId?: () => string;
    readonly origin?: Origin;
  } = {},
): Message[] {
  const { origin, ...made } = source;
  const names = new Map<string, string>();
  return messages.map((message, index) =>
    createMessage(
      { role: message.role, content: toParts(message, names, `messages[${index}]`, origin) },
      made,
    ),
  );
}

function toParts(
  message: WireMessage,
  names: Map<string, string>,
  path: string,
  origin: Origin | undefined,
): Part[] {
  const content = message.content ?? '';
  const chunks: readonly ContentChunk[] =
    typeof content === 'string' ? [{ type: 'text', text: content }] : content;
  if (message.role === 'tool') {
    const toolCallId = message.toolCallId ?? '';
    const toolName = message.name ?? names.get(toolCallId) ?? 'unknown';
    const output = chunks.map((chunk) => (chunk.type === 'text' ? String(chunk.text) : '')).join('');
    return [{ type: 'tool-result', toolCallId, toolName, output, isError: false }];
  }
  const parts = chunks.flatMap((chunk) => toPart(chunk, origin));
  const calls = message.role === 'assistant' ? (message.toolCalls ?? []) : [];
  return [...parts, ...calls.map((call, index) => toCall(call, names, `${path}.toolCalls[${index}]`))];
}

function toCall({ id = '', function: called }: ToolCall, names: Map<string, string>, path: string): Part {
  names.set(id, called.name);
  const input =
    typeof called.arguments === 'string'
      ? parseInput(called.arguments, `${path}.function.arguments`)
      : (called.arguments as JsonValue);
  return { type: 'tool-call', toolCallId: id, toolName: called.name, input };
}

function toPart(chunk: ContentChunk, origin: Origin | undefined): Part[] {
  if (chunk.type === 'text') return chunk.text === '' ? [] : [{ type: 'text', text: String(chunk.text) }];
  if (chunk.type === 'thinking') {
    const thinking = createThinking();
    thinking.add({ ...chunk });
    return origin ? [{ type: 'reasoning', ...thinking.finish(), origin }] : [];
  }
  if (chunk.type === 'image_url')
    return [toMedia('image', typeof chunk.imageUrl === 'string' ? chunk.imageUrl : chunk.imageUrl.url)];
  if (chunk.type === 'document_url') {
    const { documentName: name } = chunk;
    return [{ ...toMedia('file', chunk.documentUrl), ...(name && { name }) }];
  }
  return [];
}

function toMedia(type: 'image' | 'file', url: string): Part & { readonly type: 'image' | 'file' } {
  const [, mediaType, data] = /^data:([^;,]+);base64,([\s\S]*)$/.exec(url) ?? [];
  return mediaType !== undefined && data !== undefined
    ? { type, mediaType, data }
    : { type, mediaType: type === 'image' ? 'image/*' : 'application/octet-stream', data: url };
}

function parseInput(text: string, path: string): JsonValue {
  try {
    return text.trim() === '' ? {} : (JSON.parse(text) as JsonValue);
  } catch {
    throw new InvalidInputError(path, 'is not JSON');
  }
}
