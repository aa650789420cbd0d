import type { Anthropic } from '@anthropic-ai/sdk';
import { createMessage, type JsonValue, type Message, type Origin, type Part } from '@loci/core';

export interface FromMessagesOptions {
  /** The model that the thinking in them is of, so that it can be replayed. @default a model `unknown`, so that it never is */
  readonly origin?: Origin;
  readonly now?: () => number;
  readonly randomId?: () => string;
}

/**
 * Messages of the vendor's API as core's messages, with new ids and times. Results become a `tool` message of their own;
 * they find the names of their tools in the calls before them. Blocks of tools that the vendor runs itself are left out.
 *
 * @example
 * const messages = fromAnthropicMessages(body.messages, { system: body.system });
 */
export function fromAnthropicMessages(
  messages: readonly Anthropic.MessageParam[],
  {
    system,
    ...options
  }: FromMessagesOptions & { readonly system?: Anthropic.MessageCreateParams['system'] } = {},
): Message[] {
  const names = new Map<string, string>();
  const origin = options.origin ?? { provider: 'anthropic', model: 'unknown' };
  const all = [...(system === undefined ? [] : [{ role: 'system' as const, content: system }]), ...messages];
  return all.flatMap(({ role, content }) => {
    const blocks: readonly Anthropic.ContentBlockParam[] =
      typeof content === 'string' ? [{ type: 'text', text: content }] : content;
    const parts = blocks.flatMap((block) => toParts(block, names, origin));
    const results = parts.filter((part) => part.type === 'tool-result');
    const others = parts.filter((part) => part.type !== 'tool-result');
    return [
      ...(results.length > 0 ? [createMessage({ role: 'tool', content: results }, options)] : []),
      ...(others.length > 0 || results.length === 0
        ? [createMessage({ role, content: others }, options)]
        : []),
    ];
  });
}

function toParts(block: Anthropic.ContentBlockParam, names: Map<string, string>, origin: Origin): Part[] {
  switch (block.type) {
    case 'text':
      return [{ type: 'text', text: block.text }];
    case 'thinking': {
      const { type, thinking, signature } = block;
      return [{ type: 'reasoning', text: thinking, origin, payload: { type, thinking, signature } }];
    }
    case 'redacted_thinking':
      return [{ type: 'reasoning', text: '', origin, payload: { type: block.type, data: block.data } }];
    case 'tool_use':
      names.set(block.id, block.name);
      // The vendor's type for JSON is `unknown`.
      return [
        { type: 'tool-call', toolCallId: block.id, toolName: block.name, input: block.input as JsonValue },
      ];
    case 'tool_result':
      return [
        {
          type: 'tool-result',
          toolCallId: block.tool_use_id,
          toolName: names.get(block.tool_use_id) ?? 'unknown',
          output: toOutput(block.content),
          isError: block.is_error ?? false,
        },
      ];
    case 'image':
      return toImage(block.source);
    case 'document':
      return toFile(block);
    default:
      return [];
  }
}

function toOutput(content: Anthropic.ToolResultBlockParam['content']): string {
  if (typeof content === 'string') return content;
  return (content ?? []).map((block) => (block.type === 'text' ? block.text : '')).join('');
}

function toImage(source: Anthropic.ImageBlockParam['source']): Part[] {
  if (source.type === 'base64') return [{ type: 'image', mediaType: source.media_type, data: source.data }];
  return source.type === 'url' ? [{ type: 'image', mediaType: 'image/*', data: source.url }] : [];
}

function toFile({ source, title }: Anthropic.DocumentBlockParam): Part[] {
  const name = title ? { name: title } : {};
  switch (source.type) {
    case 'base64':
      return [{ type: 'file', mediaType: source.media_type, data: source.data, ...name }];
    case 'url':
      return [{ type: 'file', mediaType: 'application/pdf', data: source.url, ...name }];
    case 'text': {
      const data = btoa(String.fromCharCode(...new TextEncoder().encode(source.data)));
      return [{ type: 'file', mediaType: source.media_type, data, ...name }];
    }
    default:
      return [];
  }
}
