import type { MediaPart, ModelTraits, Origin, Role, TextPart } from '@loci/core';
import type { Dialect, NameRule } from '@loci/core/conversation';
import { toMediaBlock } from './to-media.js';
import { toThinkingBlock } from './to-reasoning.js';

const word = /^[a-zA-Z0-9_-]+$/;

/** Names of tools. */
export const nameRule: NameRule = Object.freeze({ pattern: word, maxLength: 128 });

export interface MessagesDialectOptions {
  /** Who will read the conversation: thinking is replayed only to the model that thought it. @default nobody, so none is */
  readonly origin?: Origin;
  /** Media that the model does not take is left out. @default takes both */
  readonly features?: Partial<ModelTraits['features']>;
  /** The conversation may end in an answer that the model continues. @default false */
  readonly prefill?: boolean;
}

/** What Anthropic's Messages takes, for `compileConversation`. */
export function messagesDialect({
  origin,
  features = {},
  prefill = false,
}: MessagesDialectOptions = {}): Dialect {
  return {
    // The vendor states no length; what it makes itself is shorter.
    callIds: { pattern: word, maxLength: 64 },
    toolNames: nameRule,
    system: 'first',
    merge: true,
    blankText: false,
    unanswered: 'leave-out',
    objectInputs: true,
    opening: '(What was said before is not shown.)',
    ...(!prefill && { closing: 'Continue.' }),
    media: (part, role) => toMedia(part, role, features),
    reasoning: (part) => origin !== undefined && toThinkingBlock(part, origin) !== undefined,
  };
}

function toMedia(
  part: MediaPart,
  role: Role,
  features: Partial<ModelTraits['features']>,
): MediaPart | TextPart | undefined {
  if (role !== 'user' || features[part.type === 'image' ? 'images' : 'files'] === 'no') return undefined;
  if (toMediaBlock(part)) return part;
  // Of files only PDFs are taken by URL.
  return part.type === 'file' && /^https?:/i.test(part.data)
    ? { type: 'text', text: `File ${part.name ?? ''}: ${part.data}` }
    : undefined;
}
