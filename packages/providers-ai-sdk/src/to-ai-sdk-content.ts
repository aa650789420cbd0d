import type {
  LanguageModelV4Content,
  LanguageModelV4File,
  LanguageModelV4ToolCall,
  SharedV4ProviderMetadata,
} from '@ai-sdk/provider';
import type { ChatResponse, MediaPart, Message, Part, ToolCallPart } from '@loci/core';
import { markOf, ownMetadata } from './marks.js';
import { locate } from './media.js';

/** The parts of an answer as content of the AI SDK. What their vendor wants back with them is under our name. */
export function toAiSdkContent(message: Message): LanguageModelV4Content[] {
  return message.content.flatMap((part, index): LanguageModelV4Content[] => {
    const metadata = metadataOf(message, part, index);
    switch (part.type) {
      case 'text':
      case 'reasoning':
        return [{ type: part.type, text: part.text, ...metadata }];
      case 'tool-call':
        return [toToolCall(part, metadata)];
      case 'image':
      case 'file':
        return toFile(part);
      default:
        return [];
    }
  });
}

/** Of a part: origin and payload, so that it finds its way back to the model that it is of. */
export function metadataOf(
  message: Message,
  part: Part,
  index: number,
): { providerMetadata?: SharedV4ProviderMetadata } {
  const mark =
    part.type === 'reasoning'
      ? { origin: part.origin, ...(part.payload !== undefined && { payload: part.payload }) }
      : markOf(message, index);
  return mark ? { providerMetadata: ownMetadata(mark) } : {};
}

export function toToolCall(
  { type, toolCallId, toolName, input }: ToolCallPart,
  metadata: { providerMetadata?: SharedV4ProviderMetadata },
): LanguageModelV4ToolCall {
  return { type, toolCallId, toolName, input: JSON.stringify(input), ...metadata };
}

export function toFile(part: MediaPart): LanguageModelV4File[] {
  const place = locate(part);
  if (!place) return [];
  const data =
    'url' in place ? { type: 'url' as const, url: place.url } : { type: 'data' as const, data: place.base64 };
  return [{ type: 'file', mediaType: part.mediaType, data }];
}

/** What V4 has no field for: who answered, and in a stream the warnings, which come too late for its start. */
export function responseMetadata(
  { model, notes, warnings }: ChatResponse,
  isStream: boolean,
): SharedV4ProviderMetadata {
  return ownMetadata({
    model: { ...model },
    ...(notes && { notes }),
    ...(isStream && warnings.length > 0 && { warnings: warnings.map((warning) => ({ ...warning })) }),
  });
}
