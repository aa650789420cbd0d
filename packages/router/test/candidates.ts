import { createMessage } from '@loci/core';
import { type Price, parseUsd } from '@loci/prices';
import { scriptedModel } from '@loci/testing';
import { createRandom } from '@loci/testing/conversations';
import { createStatistics } from '../src/statistics/create-statistics.js';
import type { Candidate, StrategyContext } from '../src/strategies/strategy.js';

const unused = createStatistics().of('unused');

/** What the tests vary of a candidate. */
export interface Sketched {
  readonly id: string;
  readonly position?: number;
  readonly weight?: number;
  readonly price?: Price | null;
  readonly inFlight?: number;
  readonly lastUsedAt?: number | null;
  readonly recent?: Partial<Candidate['statistics']['recent']>;
}

export const now = Date.UTC(2026, 0, 1);

export function candidate(of: Sketched): Candidate {
  const { id, position = 0, weight = 1, price = null, inFlight = 0, lastUsedAt = now, recent } = of;
  const statistics = { ...unused, id, inFlight, lastUsedAt, recent: { ...unused.recent, ...recent } };
  return { id, position, weight, price, statistics, model: scriptedModel([]) };
}

/** In the order of the list. */
export function candidates(...list: readonly Sketched[]): readonly Candidate[] {
  return list.map((of, position) => candidate({ position, ...of }));
}

/** Dollars for a million tokens. */
export function price(input: string, output: string, cacheRead?: string): Price {
  const perToken = (usd: string) => parseUsd(usd) / 1_000_000n;
  return {
    provider: 'example',
    modelId: 'example',
    asOf: '2026-01-01',
    source: 'the test',
    input: perToken(input),
    output: perToken(output),
    ...(cacheRead !== undefined && { cacheRead: perToken(cacheRead) }),
  };
}

export function context(of: Partial<StrategyContext> & { readonly seed?: number } = {}): StrategyContext {
  const { seed = 1, ...given } = of;
  return {
    request: { messages: [createMessage({ role: 'user', content: 'Hello.' })] },
    inputTokens: 1000,
    outputTokens: 100,
    now,
    sequence: 0,
    warm: undefined,
    random: createRandom(seed),
    ...given,
  };
}
