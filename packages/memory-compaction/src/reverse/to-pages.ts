import { fitText } from './fit-text.js';

/** An original as a model reads it. */
export type RecalledOriginal = {
  readonly id: string;
  readonly role: string;
  /** ISO 8601. */
  readonly at: string;
  readonly text: string;
  /** Calls whose results it holds, to ask for one in full. */
  readonly toolCallIds?: readonly string[];
  /** From 1, where one original takes more than one page. */
  readonly part?: number;
};

/** Deals originals out to pages of at most `maxTokens`, in order; what is longer than a page goes on over several. */
export function toPages(
  originals: readonly RecalledOriginal[],
  maxTokens: number,
  countText: (text: string) => number,
): RecalledOriginal[][] {
  // With the comma that follows it.
  const cost = (original: RecalledOriginal) => countText(JSON.stringify(original)) + 1;
  const pages: RecalledOriginal[][] = [];
  let left = 0;
  for (const original of originals.flatMap((one) => split(one, maxTokens, cost))) {
    const tokens = cost(original);
    if (tokens > left || pages.length === 0) {
      pages.push([]);
      left = maxTokens;
    }
    pages.at(-1)?.push(original);
    left -= tokens;
  }
  return pages;
}

function split(
  original: RecalledOriginal,
  maxTokens: number,
  cost: (original: RecalledOriginal) => number,
): RecalledOriginal[] {
  if (cost(original) <= maxTokens) return [original];
  const parts: RecalledOriginal[] = [];
  for (let rest = original.text; rest !== ''; ) {
    const toPart = (text: string) => ({ ...original, text, part: parts.length + 1 });
    const end = fitText(rest, (start) => cost(toPart(start)) <= maxTokens);
    parts.push(toPart(rest.slice(0, end)));
    rest = rest.slice(end);
  }
  return parts;
}
