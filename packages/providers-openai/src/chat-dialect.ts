import type { MediaPart, ModelTraits, Role, TextPart } from '@loci/core';
import type { Dialect, NameRule } from '@loci/core/conversation';

const word = /^[A-Za-z0-9_-]+$/;

/** Names of tools and of output schemas, in both APIs. */
export const nameRule: NameRule = Object.freeze({ pattern: word, maxLength: 64 });

/**
 * What Chat Completions takes, for `compileConversation`. Media that the model does not take is left out; reasoning is
 * never replayed, because this API has no place for it.
 */
export function chatDialect(features: Partial<ModelTraits['features']> = {}): Dialect {
  return {
    callIds: { pattern: word, maxLength: 40 },
    toolNames: nameRule,
    system: 'anywhere',
    merge: false,
    blankText: true,
    unanswered: 'leave-out',
    objectInputs: false,
    media: (part, role) => toMedia(part, role, features),
    reasoning: () => false,
  };
}

function toMedia(
  part: MediaPart,
  role: Role,
  features: Partial<ModelTraits['features']>,
): MediaPart | TextPart | undefined {
  if (role !== 'user' || features[part.type === 'image' ? 'images' : 'files'] === 'no') return undefined;
  // There is no field for the URL of a file.
  return part.type === 'file' && isWebUrl(part.data)
    ? { type: 'text', text: `File ${part.name ?? ''}: ${part.data}` }
    : part;
}

/** Media as a URL: its own, or one that holds the data. */
export function toDataUrl({ mediaType, data }: MediaPart): string {
  return isWebUrl(data) || /^data:/i.test(data) ? data : `data:${mediaType};base64,${data}`;
}

function isWebUrl(data: string): boolean {
  return /^https?:\/\//i.test(data);
}
