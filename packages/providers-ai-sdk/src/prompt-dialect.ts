import type { MediaPart, ModelTraits, Origin, Role, TextPart } from '@loci/core';
import type { Dialect, NameRule } from '@loci/core/conversation';
import { isSameOrigin } from './marks.js';
import { locate } from './media.js';

const word = /^[a-zA-Z0-9_-]+$/;

/** Names of tools that every vendor takes. */
export const nameRule: NameRule = Object.freeze({
  // Providers look names up in plain objects, where these are found though nobody put them there.
  pattern:
    /^(?!(?:__proto__|__(?:define|lookup)[GS]etter__|constructor|toString|toLocaleString|valueOf|hasOwnProperty|isPrototypeOf|propertyIsEnumerable)$)[a-zA-Z0-9_-]+$/,
  maxLength: 64,
});

/** What nearly every vendor reads. */
const commonMediaTypes: readonly string[] = [
  'image/png',
  'image/jpeg',
  'image/gif',
  'image/webp',
  'application/pdf',
  'text/plain',
];

export interface PromptDialectOptions {
  /** Who will read the prompt: reasoning is replayed only to the model that it is of. @default nobody, so none is */
  readonly origin?: Origin;
  /** Media that the model does not take is left out. @default takes both */
  readonly features?: Partial<ModelTraits['features']>;
  /** Media types that are sent; others are left out. @default PNG, JPEG, GIF, WebP, PDF and plain text */
  readonly mediaTypes?: readonly string[];
  /** URLs that the provider fetches itself, by media type (the model's `supportedUrls`); another one is named in a text. @default any */
  readonly supportedUrls?: Readonly<Record<string, readonly RegExp[]>>;
  /** Ids of tool calls that the vendor takes. @default 1–40 letters, digits, `_` and `-` */
  readonly callIds?: NameRule;
}

/**
 * What a prompt of the AI SDK may hold, for `compileConversation`. The type alone allows nearly anything and providers
 * pass it on, so the table is what every vendor behind them takes.
 */
export function promptDialect(options: PromptDialectOptions = {}): Dialect {
  const { origin, features = {}, callIds = { pattern: word, maxLength: 40 } } = options;
  return {
    callIds,
    toolNames: nameRule,
    system: features.system === 'no' ? 'none' : 'first',
    merge: true,
    blankText: false,
    unanswered: 'leave-out',
    objectInputs: true,
    opening: '(What was said before is not shown.)',
    ...(features.prefill !== 'yes' && { closing: 'Continue.' }),
    media: (part, role) => toMedia(part, role, options),
    reasoning: (part) => isSameOrigin(part.origin, origin),
  };
}

function toMedia(
  part: MediaPart,
  role: Role,
  { features = {}, mediaTypes = commonMediaTypes, supportedUrls }: PromptDialectOptions,
): MediaPart | TextPart | undefined {
  const place = locate(part);
  if (role !== 'user' || !place || features[part.type === 'image' ? 'images' : 'files'] === 'no')
    return undefined;
  if ('base64' in place)
    return place.base64 !== '' && mediaTypes.some((pattern) => fits(part.mediaType, pattern))
      ? part
      : undefined;
  const taken =
    !supportedUrls ||
    Object.entries(supportedUrls).some(
      ([pattern, urls]) =>
        fits(part.mediaType, pattern) && urls.some((url) => url.test(place.url.href.toLowerCase())),
    );
  const kind = part.type === 'image' ? 'Image' : 'File';
  return taken ? part : { type: 'text', text: `${kind} ${part.name ?? ''}: ${part.data}` };
}

function fits(mediaType: string, pattern: string): boolean {
  const [type, asked] = [mediaType.toLowerCase(), pattern.toLowerCase()];
  return (
    asked === '*' ||
    asked === '*/*' ||
    type === asked ||
    (asked.endsWith('/*') && type.startsWith(asked.slice(0, -1)))
  );
}
