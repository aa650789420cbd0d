import type { LanguageModelV4FilePart, SharedV4FileData } from '@ai-sdk/provider';
import type { MediaPart } from '@loci/core';
import { isObject } from '@loci/core/provider';
import { lociName, ownMetadata } from './marks.js';

/** Where the data of a part is: at a URL, or in the part itself as base64. */
export function locate({ data }: MediaPart): { readonly url: URL } | { readonly base64: string } | undefined {
  if (/^https?:/i.test(data)) return URL.canParse(data) ? { url: new URL(data) } : undefined;
  if (!/^data:/i.test(data)) return { base64: data };
  const [, parameters, body] = /^data:([^,]*),(.*)$/is.exec(data) ?? [];
  if (parameters === undefined || body === undefined) return undefined;
  if (/;base64$/i.test(parameters)) return { base64: body };
  try {
    return { base64: encode(new TextEncoder().encode(decodeURIComponent(body))) };
  } catch {
    return undefined;
  }
}

/** An image or file as a prompt holds it; `undefined` for a URL that is none. */
export function toFilePart(part: MediaPart): LanguageModelV4FilePart | undefined {
  const place = locate(part);
  if (!place) return undefined;
  const { type, mediaType, name } = part;
  const data: SharedV4FileData =
    'url' in place
      ? {
          type: 'url',
          url: place.url,
          ...(place.url.href !== part.data && { originalUrl: part.data }),
        }
      : { type: 'data', data: place.base64 };
  return {
    type: 'file',
    mediaType,
    data,
    ...(name !== undefined && { filename: name }),
    ...(type !== typeOf(mediaType) && { providerOptions: ownMetadata({ type }) }),
  };
}

/** A file of the AI SDK as an image or file; `undefined` for a reference to a file that some provider stores. */
export function fromFilePart(
  part: Pick<LanguageModelV4FilePart, 'mediaType' | 'data' | 'filename' | 'providerOptions'>,
): MediaPart | undefined {
  const { data, filename, providerOptions } = part;
  if (data.type === 'reference') return undefined;
  // A top-level type alone means any of its kind.
  const mediaType = part.mediaType.includes('/')
    ? part.mediaType
    : data.type === 'text'
      ? 'text/plain'
      : `${part.mediaType}/*`;
  const own = providerOptions?.[lociName];
  const told = isObject(own) ? own['type'] : undefined;
  const type = told === 'image' || told === 'file' ? told : typeOf(mediaType);
  return { type, mediaType, data: readData(data), ...(filename !== undefined && { name: filename }) };
}

function readData(data: Exclude<SharedV4FileData, { type: 'reference' }>): string {
  switch (data.type) {
    case 'url':
      return data.originalUrl ?? data.url.href;
    case 'text':
      return encode(new TextEncoder().encode(data.text));
    default:
      return typeof data.data === 'string' ? data.data : encode(data.data);
  }
}

function typeOf(mediaType: string): MediaPart['type'] {
  return /^image(?:\/|$)/i.test(mediaType) ? 'image' : 'file';
}

function encode(bytes: Uint8Array): string {
  let text = '';
  // A call takes only so many arguments.
  for (let at = 0; at < bytes.length; at += 8192)
    text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(text);
}
