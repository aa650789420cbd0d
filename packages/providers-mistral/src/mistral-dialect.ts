import type { MediaPart, ModelTraits, Origin } from '@loci/core';
import type { Dialect, NameRule } from '@loci/core/conversation';

/** Names of tools and of output schemas. */
export const nameRule: NameRule = Object.freeze({ pattern: /^[A-Za-z0-9_-]+$/, maxLength: 64 });

export interface MistralDialectOptions {
  /** Media that the model does not take is left out, and reasoning likewise. @default takes all */
  readonly features?: Partial<ModelTraits['features']>;
  /** The model that is asked: reasoning of an equal origin is replayed. @default replays none */
  readonly origin?: Origin;
  /** The last message is the assistant's and begins the answer. @default false: a user message is put behind it */
  readonly prefix?: boolean;
}

/** What Mistral Chat takes, for `compileConversation`. */
export function mistralDialect({
  features = {},
  origin,
  prefix = false,
}: MistralDialectOptions = {}): Dialect {
  return {
    callIds: { pattern: /^[A-Za-z0-9]{9}$/, maxLength: 9, style: 'canonical' },
    toolNames: nameRule,
    // Taken after users too, but not after the assistant or results, nor at the end.
    system: 'first',
    merge: false,
    blankText: true,
    unanswered: 'leave-out',
    objectInputs: true,
    bridge: 'Understood.',
    ...(!prefix && { closing: 'Continue.' }),
    media: (part, role) =>
      role === 'user' && features[part.type === 'image' ? 'images' : 'files'] !== 'no' ? part : undefined,
    reasoning: (part) =>
      features.reasoning !== 'no' &&
      origin !== undefined &&
      part.origin.provider === origin.provider &&
      part.origin.model === origin.model &&
      part.origin.account === origin.account,
  };
}

/** Media as a URL: its own, or one that holds the data. */
export function toDataUrl({ mediaType, data }: MediaPart): string {
  return /^(?:https?:\/\/|data:)/i.test(data) ? data : `data:${mediaType};base64,${data}`;
}
