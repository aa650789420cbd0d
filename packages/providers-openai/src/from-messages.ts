import { createMessage, InvalidInputError, type JsonValue, type Message, type Part } from '@loci/core';
import type { OpenAI } from 'openai';

type WireMessage = OpenAI.ChatCompletionMessageParam;

/**
 * Messages of Chat Completions as core's messages, with new ids and times. `developer` becomes `system`; results find the
 * names of their tools in the calls before them. Throws `InvalidInputError` where a call's arguments are not JSON.
 *
 * @example
 * const messages = fromOpenAIMessages(body.messages);
 */
export function fromOpenAIMessages(
  messages: readonly WireMessage[],
  source: { readonly now?: () => number; readonly randomId?: () => string } = {},
): Message[] {
  const names = new Map<string, string>();
  return messages.map((message, index) => {
    const content = toParts(message, names, `messages[${index}]`);
    const role =
      message.role === 'developer' ? 'system' : message.role === 'function' ? 'tool' : message.role;
    return createMessage({ role, content }, source);
  });
}

function toParts(message: WireMessage, names: Map<string, string>, path: string): Part[] {
  if (message.role === 'tool') {
    const toolName = names.get(message.tool_call_id) ?? 'unknown';
    const output =
      typeof message.content === 'string'
        ? message.content
        : message.content.map((part) => part.text).join('');
    return [{ type: 'tool-result', toolCallId: message.tool_call_id, toolName, output, isError: false }];
  }
  const content =
    typeof message.content === 'string'
      ? [{ type: 'text' as const, text: message.content }]
      : (message.content ?? []);
  const parts = content.flatMap((part): Part[] => toPart(part));
  if (message.role !== 'assistant') return parts;
  const refusal: Part[] = message.refusal ? [{ type: 'text', text: message.refusal }] : [];
  const calls = (message.tool_calls ?? []).flatMap((call, index): Part[] => {
    if (call.type !== 'function') return [];
    names.set(call.id, call.function.name);
    const input = parseInput(call.function.arguments, `${path}.tool_calls[${index}].function.arguments`);
    return [{ type: 'tool-call', toolCallId: call.id, toolName: call.function.name, input }];
  });
  return [...parts, ...refusal, ...calls];
}

function toPart(part: OpenAI.ChatCompletionContentPart | OpenAI.ChatCompletionContentPartRefusal): Part[] {
  switch (part.type) {
    case 'text':
      return [{ type: 'text', text: part.text }];
    case 'refusal':
      return [{ type: 'text', text: part.refusal }];
    case 'image_url':
      return [toMedia('image', part.image_url.url)];
    case 'file': {
      const { file_data: data, filename: name } = part.file;
      return data === undefined ? [] : [{ ...toMedia('file', data), ...(name !== undefined && { name }) }];
    }
    case 'input_audio':
      return [{ type: 'file', mediaType: `audio/${part.input_audio.format}`, data: part.input_audio.data }];
  }
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
