import { fittingLength } from '../text/fitting-length.js';

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

/**
 * Deals originals out to pages of at most `maxTokens`, in order; what is longer than a page goes on over several. Looks
 * at no more of them than the pages that are asked for.
 */
export function* toPages(
  originals: Iterable<RecalledOriginal>,
  maxTokens: number,
  countText: (text: string) => number,
): Generator<readonly RecalledOriginal[], void, undefined> {
  // With the comma that follows it.
  const cost = (original: RecalledOriginal) => countText(JSON.stringify(original)) + 1;
  let page: RecalledOriginal[] = [];
  let left = maxTokens;
  for (const whole of originals) {
    for (const original of split(whole, maxTokens, cost)) {
      const tokens = cost(original);
      if (tokens > left && page.length > 0) {
        yield page;
        page = [];
        left = maxTokens;
      }
      page.push(original);
      left -= tokens;
    }
  }
  if (page.length > 0) yield page;
}

function* split(
  original: RecalledOriginal,
  maxTokens: number,
  cost: (original: RecalledOriginal) => number,
): Generator<RecalledOriginal, void, undefined> {
  if (cost(original) <= maxTokens) return yield original;
  let rest = original.text;
  for (let part = 1; rest !== ''; part++) {
    const toPart = (text: string) => ({ ...original, text, part });
    const end = fittingLength(rest, (start) => cost(toPart(start)) <= maxTokens);
    yield toPart(rest.slice(0, end));
    rest = rest.slice(end);
  }
}
