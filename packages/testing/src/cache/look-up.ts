import type { CacheEnds } from './cache-rules.js';
import type { PrefixStore } from './prefix-store.js';
import type { Block } from './to-blocks.js';

export interface Found {
  readonly cacheRead: number;
  readonly cacheWrite: number;
}

interface Rules<E extends CacheEnds> {
  readonly ends: E;
  readonly minTokens: number;
}

/**
 * Every prompt is kept as a whole, and read up to the last step that it shares with an earlier one. A block that differs
 * is taken to differ from its first token on. Nothing is reported as written: what comes new is ordinary input.
 */
export function lookUpSteps(
  blocks: readonly Block[],
  { ends, minTokens }: Rules<Extract<CacheEnds, { at: 'steps' }>>,
  store: PrefixStore,
  now: number,
): Found {
  const shared = blocks.findLast(({ prefix }) => store.has(prefix, now))?.tokens ?? 0;
  if ((blocks.at(-1)?.tokens ?? 0) >= minTokens) for (const { prefix } of blocks) store.use(prefix, now);
  const cacheRead = Math.floor(shared / ends.tokens) * ends.tokens;
  return { cacheRead: cacheRead >= minTokens ? cacheRead : 0, cacheWrite: 0 };
}

/**
 * Only what ends at a mark is kept. Each mark is looked for where it stands and at the blocks before it, as far as the
 * lookback goes; the longest prefix that is found is read, and what follows it up to the last mark is written.
 */
export function lookUpMarks(
  blocks: readonly Block[],
  prefixEnds: readonly string[],
  { ends, minTokens }: Rules<Extract<CacheEnds, { at: 'marks' }>>,
  store: PrefixStore,
  now: number,
): Found {
  const wanted = new Set(prefixEnds);
  const isMark = ({ endOf }: Block, index: number) =>
    (endOf !== undefined && wanted.has(endOf)) || (ends.implicit && index === blocks.length - 1);
  const all = blocks.flatMap((block, index) => (isMark(block, index) ? [index] : []));
  // The first one holds what all conversations share, the last ones what this one said.
  const marks = all.length > ends.most ? [...all.slice(0, 1), ...all.slice(1 - ends.most)] : all;
  const tokensAt = (index: number) => blocks[index]?.tokens ?? 0;

  let hit = -1;
  for (const mark of marks.toReversed()) {
    for (let index = mark; index > Math.max(hit, mark - ends.lookback); index--) {
      if (!store.has(blocks[index]?.prefix ?? '', now)) continue;
      hit = index;
      break;
    }
  }
  if (hit >= 0) store.use(blocks[hit]?.prefix ?? '', now);
  const kept = marks.filter((mark) => tokensAt(mark) >= minTokens);
  for (const mark of kept) store.use(blocks[mark]?.prefix ?? '', now);
  const cacheRead = tokensAt(hit);
  return { cacheRead, cacheWrite: Math.max(0, tokensAt(kept.at(-1) ?? -1) - cacheRead) };
}
