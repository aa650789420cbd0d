import type { Usage } from '@loci/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { costOf, type Price } from './index.js';

const price: Price = {
  provider: 'a',
  modelId: 'b',
  asOf: '2026-11-20',
  source: 'test',
  input: 7n,
  cacheRead: 1n,
  cacheWrite: 9n,
  cacheWriteLong: 14n,
  output: 30n,
};
const none: Usage = { input: 0, cacheRead: 0, cacheWrite: 0, output: 0, reasoning: 0 };

describe('costOf', () => {
  it('bills every token exactly once, in whole picodollars', () => {
    const tokens = fc.nat(3_000_000);
    fc.assert(
      fc.property(
        fc.tuple(tokens, tokens, tokens, tokens, tokens),
        ([fresh, cacheRead, short, long, output]) => {
          const usage = {
            input: fresh + cacheRead + short + long,
            cacheRead,
            cacheWrite: short + long,
            cacheWriteLong: long,
            output,
            reasoning: 0,
          };
          const cost = costOf(usage, price);
          expect(cost?.total).toBe(
            BigInt(fresh * 7 + cacheRead + short * 9 + long * 14) + BigInt(output) * 30n,
          );
          expect(cost && cost.input + cost.cacheRead + cost.cacheWrite + cost.output).toBe(cost?.total);
        },
      ),
    );
  });

  it('does not bill reasoning beside the output that it is part of', () => {
    const usage = { ...none, input: 1, output: 10 };
    expect(costOf({ ...usage, reasoning: 9 }, price)).toEqual(costOf(usage, price));
  });

  it('is not known without usage or price', () => {
    expect(costOf(null, price)).toBeNull();
    expect(costOf(none, null)).toBeNull();
  });

  it.each([
    ['cacheRead', { input: 5, cacheRead: 1 }],
    ['cacheWrite', { input: 5, cacheWrite: 1 }],
    ['cacheWriteLong', { input: 5, cacheWrite: 1, cacheWriteLong: 1 }],
  ] as const)('is not known where %s was used and has no price', (part, used) => {
    const { [part]: _, ...rest } = price;
    expect(costOf({ ...none, ...used }, rest)).toBeNull();
    expect(costOf({ ...none, input: 5 }, rest)?.total).toBe(35n);
  });

  it('is not known where the usage contradicts itself or is no count', () => {
    for (const broken of [
      { input: 5, cacheRead: 6 },
      { input: 5, cacheRead: 3, cacheWrite: 3 },
      { input: 5, cacheWrite: 1, cacheWriteLong: 2 },
      { input: 1.5 },
      { output: Number.NaN },
      { output: -1 },
    ])
      expect(costOf({ ...none, ...broken }, price)).toBeNull();
  });

  it('prices a whole call by the last tier that its input exceeds', () => {
    const tiered = {
      ...price,
      tiers: [
        { above: 100, input: 10n, output: 40n },
        { above: 200, input: 20n, output: 50n },
      ],
    };
    const total = (input: number) => costOf({ ...none, input, output: 1 }, tiered)?.total;
    expect([100, 101, 200, 201].map(total)).toEqual([730n, 1050n, 2040n, 4070n]);
    expect(costOf({ ...none, input: 201, cacheRead: 1 }, tiered)).toBeNull();
  });
});
