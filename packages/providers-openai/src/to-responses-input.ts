import type { Message, Part } from '@loci/core';
import { resultText } from '@loci/core/conversation';
import type { OpenAI } from 'openai';
import { toDataUrl } from './chat-dialect.js';
import { toReasoningItem } from './responses-dialect.js';

type Item = OpenAI.Responses.ResponseInputItem;
type Content = OpenAI.Responses.ResponseInputContent;

/** Messages that were compiled for the Responses API, as its items: one for each thing that the assistant said or did. */
export function toResponsesInput(
  messages: readonly Message[],
  systemRole: 'system' | 'developer' = 'system',
): Item[] {
  return messages.flatMap(({ role, content }): Item[] => {
    if (role === 'assistant' || role === 'tool') return content.flatMap(toItem);
    return [{ role: role === 'system' ? systemRole : role, content: toContent(content) }];
  });
}

function toItem(part: Part): Item[] {
  switch (part.type) {
    case 'text':
      // As a string: a list of parts would need the id of the message that the vendor gave, and did not keep.
      return [{ role: 'assistant', content: part.text }];
    case 'reasoning':
      return [toReasoningItem(part) ?? []].flat();
    case 'tool-call':
      return [
        {
          type: 'function_call',
          call_id: part.toolCallId,
          name: part.toolName,
          arguments: JSON.stringify(part.input),
        },
      ];
    case 'tool-result':
      return [{ type: 'function_call_output', call_id: part.toolCallId, output: resultText(part) }];
    default:
      return [];
  }
}

function toContent(parts: readonly Part[]): string | Content[] {
  const [only] = parts;
  return parts.length === 1 && only?.type === 'text' ? only.text : parts.flatMap(toInputPart);
}

function toInputPart(part: Part): Content[] {
  if (part.type === 'text') return [{ type: 'input_text', text: part.text }];
  if (part.type === 'image') return [{ type: 'input_image', image_url: toDataUrl(part), detail: 'auto' }];
  if (part.type !== 'file') return [];
  const url = toDataUrl(part);
  return url.startsWith('data:')
    ? [{ type: 'input_file', filename: part.name ?? 'file', file_data: url }]
    : [{ type: 'input_file', file_url: url }];
}
