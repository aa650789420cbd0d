import type { Message } from '@loci/core';
import { renderMessage } from '../text/render-message.js';

/** Characters of an original that a search shows; the rest is there to be read by page. */
const excerptLength = 1200;
/** Characters within which words belong together. */
const closeTogether = 400;

/** The words of a question, each once. */
export function toWords(query: string): string[] {
  return [...new Set(query.toLowerCase().match(/[\p{L}\p{N}_]+/gu) ?? [])];
}

/** Those that hold any of the words: most words first, then in the order given; long ones as an excerpt where most of the words stand together. */
export function searchOriginals(
  originals: readonly Message[],
  words: readonly string[],
): { readonly message: Message; readonly text: string }[] {
  return originals
    .map((message) => {
      const text = renderMessage(message);
      const folded = text.toLowerCase();
      const score = words.filter((word) => folded.includes(word)).length;
      return { message, text: excerpt(text, densest(folded, words)), score };
    })
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score);
}

/** Where the words stand closest together: the first of those that begin the stretch with most of them. */
function densest(text: string, words: readonly string[]): number {
  const places = words
    .flatMap((word) => {
      const found: { readonly word: string; readonly index: number }[] = [];
      for (let index = text.indexOf(word); index >= 0; index = text.indexOf(word, index + word.length))
        found.push({ word, index });
      return found;
    })
    .sort((a, b) => a.index - b.index);
  const inside = new Map<string, number>();
  let best = { index: 0, words: 0 };
  let last = places.length;
  for (let first = places.length - 1; first >= 0; first--) {
    const { word, index } = places[first] as (typeof places)[number];
    inside.set(word, (inside.get(word) ?? 0) + 1);
    while ((places[last - 1]?.index ?? 0) - index > closeTogether) {
      const left = places[--last]?.word ?? '';
      const count = (inside.get(left) ?? 0) - 1;
      if (count > 0) inside.set(left, count);
      else inside.delete(left);
    }
    if (inside.size >= best.words) best = { index, words: inside.size };
  }
  return best.index;
}

function excerpt(text: string, around: number): string {
  if (text.length <= excerptLength) return text;
  const start = Math.max(0, Math.min(around - excerptLength / 3, text.length - excerptLength));
  const end = start + excerptLength;
  const cut = text.slice(start, end).toWellFormed();
  return `${start > 0 ? '…' : ''}${cut}${end < text.length ? '…' : ''}`;
}
