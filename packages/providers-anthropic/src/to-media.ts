import type { Anthropic } from '@anthropic-ai/sdk';
import type { MediaPart } from '@loci/core';

const imageTypes = ['image/jpeg', 'image/png', 'image/gif', 'image/webp'] as const;
type ImageType = (typeof imageTypes)[number];
type MediaBlock = Anthropic.ImageBlockParam | Anthropic.DocumentBlockParam;

/** How the data of each kind of image begins in base64, for images whose type is not stated exactly. */
const beginnings: Readonly<Record<string, ImageType>> = {
  '/9j/': 'image/jpeg',
  iVBO: 'image/png',
  R0lG: 'image/gif',
  UklG: 'image/webp',
};

/** An image, a PDF or a text file as a block; `undefined` for what the vendor does not take. */
export function toMediaBlock(part: MediaPart): MediaBlock | undefined {
  const title = part.name ? { title: part.name.slice(0, 500) } : {};
  if (/^https?:/i.test(part.data)) {
    const isSecure = URL.canParse(part.data) && new URL(part.data).protocol === 'https:';
    const source = { type: 'url', url: part.data } as const;
    if (part.type === 'image') return isSecure ? { type: 'image', source } : undefined;
    return isSecure && part.mediaType === 'application/pdf'
      ? { type: 'document', source, ...title }
      : undefined;
  }
  const [, stated, encoded = part.data] = /^data:([^;,]*)[^,]*;base64,([\s\S]*)$/i.exec(part.data) ?? [];
  const data = encoded.replace(/\s/g, '');
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(data)) return undefined;
  const mediaType = (stated || part.mediaType).toLowerCase();
  if (part.type === 'image') {
    const known = imageTypes.find((type) => type === mediaType) ?? beginnings[data.slice(0, 4)];
    return known && { type: 'image', source: { type: 'base64', media_type: known, data } };
  }
  if (mediaType === 'application/pdf')
    return { type: 'document', source: { type: 'base64', media_type: mediaType, data }, ...title };
  const text = /^text\/|[/+]json$/.test(mediaType) ? decode(data) : '';
  return text.trim() === ''
    ? undefined
    : { type: 'document', source: { type: 'text', media_type: 'text/plain', data: text }, ...title };
}

function decode(base64: string): string {
  try {
    return new TextDecoder().decode(Uint8Array.from(atob(base64), (unit) => unit.charCodeAt(0)));
  } catch {
    return '';
  }
}
