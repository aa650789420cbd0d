import type { Message } from '@loci/core';
import { renderMessage } from '../text/render-message.js';

/** Characters of an original that a search shows; the rest is there to be read by page. */
const excerptLength = 1200;

/** The words of a question, each once. */
export function toWords(query: string): string[] {
  return [...new Set(query.toLowerCase().match(/[\p{L}\p{N}_]+/gu) ?? [])];
}

/** Those that hold any of the words: most words first, then in the order given; long ones as an excerpt around the first word. */
export function searchOriginals(
  originals: readonly Message[],
  words: readonly string[],
): { readonly message: Message; readonly text: string }[] {
  return originals
    .map((message) => {
      const text = renderMessage(message);
      const folded = text.toLowerCase();
      const found = words.map((word) => folded.indexOf(word)).filter((index) => index >= 0);
      return { message, text: excerpt(text, Math.min(...found)), score: found.length };
    })
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score);
}

function excerpt(text: string, around: number): string {
  if (text.length <= excerptLength) return text;
  const start = Math.max(0, Math.min(around - excerptLength / 3, text.length - excerptLength));
  const end = start + excerptLength;
  const cut = text.slice(start, end).toWellFormed();
  return `${start > 0 ? '…' : ''}${cut}${end < text.length ? '…' : ''}`;
}
