import { InvalidInputError } from '@loci/core';
import { createRandom } from '@loci/testing/conversations';
import { describe, expect, it } from 'vitest';
import { candidates, context, now, price } from '../../test/candidates.js';
import { random, weighted } from './by-chance.js';
import { cost } from './cost.js';
import { inOrder, roundRobin } from './list-order.js';
import { performance } from './performance.js';
import { reliability } from './reliability.js';
import type { Candidate, Strategy, StrategyContext } from './strategy.js';
import { toStrategy } from './to-strategy.js';

function orderOf(strategy: Strategy, list: readonly Candidate[], given?: StrategyContext) {
  return strategy
    .rank(list, given ?? context())
    .map(({ id }) => id)
    .join(' ');
}

/** How often each candidate is first. */
function sharesOf(strategy: Strategy, list: readonly Candidate[], rounds: number) {
  const source = createRandom(7);
  const counts = new Map(list.map(({ id }) => [id, 0]));
  for (let sequence = 0; sequence < rounds; sequence++) {
    const first = strategy.rank(list, context({ sequence, random: source }))[0]?.id ?? '';
    counts.set(first, (counts.get(first) ?? 0) + 1);
  }
  return list.map(({ id }) => (counts.get(id) ?? 0) / rounds);
}

const good = { successRate: 1, weight: 50 };

describe('in order and round robin', () => {
  it('[F3] in order keeps the list', () => {
    const list = candidates({ id: 'a' }, { id: 'b' }, { id: 'c' });
    expect(orderOf(inOrder(), list.toReversed())).toBe('a b c');
  });

  it('[F3] round robin gives each of any number of planned requests its turn', () => {
    const list = candidates({ id: 'a' }, { id: 'b' }, { id: 'c' });
    const orders = [0, 1, 2, 3].map((sequence) => orderOf(roundRobin(), list, context({ sequence })));
    expect(orders).toEqual(['a b c', 'b c a', 'c a b', 'a b c']);
    expect(sharesOf(roundRobin(), list, 999)).toEqual([1 / 3, 1 / 3, 1 / 3]);
  });

  it('round robin shares the turns of a candidate that is away equally', () => {
    const list = candidates({ id: 'a' }, { id: 'b' }, { id: 'c' });
    expect(sharesOf(roundRobin(), list.slice(1), 1000)).toEqual([0.5, 0.5]);
  });
});

describe('by chance', () => {
  it('[F3] random gives each candidate the same share, and every order', () => {
    const list = candidates({ id: 'a' }, { id: 'b' }, { id: 'c' });
    for (const share of sharesOf(random(), list, 6000)) expect(Math.abs(share - 1 / 3)).toBeLessThan(0.02);
    const source = createRandom(3);
    const orders = Array.from({ length: 200 }, () => orderOf(random(), list, context({ random: source })));
    expect(new Set(orders).size).toBe(6);
  });

  it('[F3] weighted converges to the weights', () => {
    const list = candidates({ id: 'a', weight: 6 }, { id: 'b', weight: 3 }, { id: 'c', weight: 1 });
    const [a = 0, b = 0, c = 0] = sharesOf(weighted(), list, 10_000);
    expect(Math.abs(a - 0.6)).toBeLessThan(0.015);
    expect(Math.abs(b - 0.3)).toBeLessThan(0.015);
    expect(Math.abs(c - 0.1)).toBeLessThan(0.015);
  });

  it('weighted keeps a weight of 0 for when all others fail', () => {
    const list = candidates({ id: 'a', weight: 0 }, { id: 'b' }, { id: 'c', weight: 0.001 });
    for (let seed = 0; seed < 50; seed++) {
      const ranked = weighted().rank(list, context({ seed }));
      expect(ranked.at(-1)).toMatchObject({ id: 'a', why: 'weight 0: only stands by' });
    }
    expect(orderOf(weighted(), list, context({ random: () => 0 }))).toMatch(/a$/);
  });
});

describe('reliability', () => {
  it('[F3] puts the least likely to fail first and says why', () => {
    const list = candidates(
      { id: 'a', recent: { successRate: 0.9, weight: 50 } },
      { id: 'b', recent: { successRate: 0.99, weight: 50 } },
      { id: 'c', recent: { successRate: 0.5, weight: 50 } },
    );
    expect(reliability().rank(list, context())).toMatchObject([
      { id: 'b', why: '99 % of about 50 recent attempts succeeded' },
      { id: 'a' },
      { id: 'c' },
    ]);
  });

  it('gives an untried model its chance, and keeps the order of the list among equals', () => {
    const list = candidates(
      { id: 'a', recent: { successRate: 0.98, weight: 100 } },
      { id: 'b' },
      { id: 'c' },
    );
    expect(orderOf(reliability(), list)).toBe('b c a');
    expect(orderOf(reliability(), candidates({ id: 'a', recent: good }, { id: 'b' }))).toBe('a b');
  });

  it('does not condemn a model for one failure of long ago', () => {
    const once = candidates(
      { id: 'a', recent: { successRate: 0, weight: 0.02 } },
      { id: 'b', recent: { successRate: 0.95, weight: 100 } },
    );
    expect(orderOf(reliability(), once)).toBe('a b');
  });

  it('[F3] leaves a warm prompt cache only where it is worth it', () => {
    const list = candidates(
      { id: 'a', recent: good },
      { id: 'b', recent: { successRate: 0.99, weight: 50 } },
      { id: 'c', recent: { successRate: 0.9, weight: 50 } },
    );
    expect(orderOf(reliability(), list, context({ warm: 'b' }))).toBe('b a c');
    expect(orderOf(reliability(), list, context({ warm: 'c' }))).toBe('a b c');
    expect(orderOf(reliability({ warmth: 0 }), list, context({ warm: 'b' }))).toBe('a b c');
  });
});

describe('performance', () => {
  it('[F3] puts the fastest first and says why', () => {
    const list = candidates(
      { id: 'a', recent: { ...good, latency: 900 } },
      { id: 'b', recent: { ...good, latency: 300 }, inFlight: 2 },
      { id: 'c', recent: { ...good, latency: 600 } },
    );
    expect(performance().rank(list, context())).toMatchObject([
      { id: 'b', score: 300, why: 'about 300 ms, 2 in flight' },
      { id: 'c', score: 600 },
      { id: 'a', score: 900 },
    ]);
  });

  it('can look at the first content instead', () => {
    const list = candidates(
      { id: 'a', recent: { ...good, latency: 100, firstContent: 90 } },
      { id: 'b', recent: { ...good, latency: 900, firstContent: 10 } },
    );
    expect(orderOf(performance(), list)).toBe('a b');
    expect(orderOf(performance({ of: 'firstContent' }), list)).toBe('b a');
  });

  it('does not take failing fast for speed', () => {
    const list = candidates(
      { id: 'a', recent: { latency: 100, successRate: 0.1, weight: 50 } },
      { id: 'b', recent: { ...good, latency: 300 } },
    );
    expect(orderOf(performance(), list)).toBe('b a');
  });

  it('[F3] of about equally fast ones the one with less in flight is first', () => {
    const recent = { ...good, latency: 300 };
    const two = candidates(
      { id: 'a', recent, inFlight: 3 },
      { id: 'b', recent: { ...recent, latency: 320 }, inFlight: 1 },
    );
    for (let seed = 0; seed < 20; seed++) expect(orderOf(performance(), two, context({ seed }))).toBe('b a');
    const three = candidates({ id: 'a', recent, inFlight: 9 }, { id: 'b', recent }, { id: 'c', recent });
    const [a = 0, b = 0, c = 0] = sharesOf(performance(), three, 3000);
    expect(a).toBe(0);
    expect(Math.abs(b - 2 / 3)).toBeLessThan(0.03);
    expect(Math.abs(c - 1 / 3)).toBeLessThan(0.03);
  });

  it('measures untried models, and those not used for long', () => {
    const recent = { ...good, latency: 300 };
    const slow = { ...good, latency: 3000 };
    const untried = candidates({ id: 'a', recent, inFlight: 1 }, { id: 'b', lastUsedAt: null });
    expect(orderOf(performance(), untried)).toBe('b a');
    const stale = candidates(
      { id: 'a', recent, inFlight: 1 },
      { id: 'b', recent: slow, lastUsedAt: now - 300_000 },
    );
    expect(orderOf(performance(), stale)).toBe('b a');
    expect(orderOf(performance({ staleAfterMs: 300_001 }), stale)).toBe('a b');
  });

  it('[F3] leaves a warm prompt cache only where it is worth it', () => {
    const list = candidates(
      { id: 'a', recent: { ...good, latency: 300 } },
      { id: 'b', recent: { ...good, latency: 360 }, inFlight: 5 },
      { id: 'c', recent: { ...good, latency: 900 } },
    );
    expect(orderOf(performance(), list, context({ warm: 'b' }))).toBe('b a c');
    expect(orderOf(performance(), list, context({ warm: 'c' }))).toBe('a b c');
    expect(orderOf(performance({ warmth: 0.1 }), list, context({ warm: 'b' }))).toBe('a b c');
  });
});

describe('cost', () => {
  it('[F3] puts the cheapest for this request first and says why', () => {
    const list = candidates(
      { id: 'long answers dear', price: price('1', '100') },
      { id: 'long prompts dear', price: price('10', '1') },
    );
    const prompt = context({ inputTokens: 10_000, outputTokens: 10 });
    expect(cost().rank(list, prompt)).toMatchObject([
      { id: 'long answers dear', score: 11_000_000_000, why: 'about $0.011' },
      { id: 'long prompts dear', why: 'about $0.10001' },
    ]);
    const answer = context({ inputTokens: 10, outputTokens: 1000 });
    expect(cost().rank(list, answer)[0]?.id).toBe('long prompts dear');
  });

  it('[F3] counts the cache: all input where it is warm, elsewhere as much as of late', () => {
    const list = candidates({ id: 'a', price: price('1', '1') }, { id: 'b', price: price('2', '1', '0.2') });
    expect(orderOf(cost(), list)).toBe('a b');
    const [first] = cost().rank(list, context({ warm: 'b' }));
    expect(first).toMatchObject({ id: 'b', why: 'about $0.0003, 1000 of 1000 input tokens from the cache' });
    const often = candidates(
      { id: 'a', price: price('1', '1') },
      { id: 'b', price: price('2', '1', '0.2'), recent: { cacheHitRate: 0.8 } },
    );
    expect(orderOf(cost(), often)).toBe('b a');
  });

  it('takes a warm cache that has no price of its own at the list price', () => {
    const list = candidates({ id: 'a', price: price('2', '1') }, { id: 'b', price: price('1', '1') });
    const ranked = cost().rank(list, context({ warm: 'a' }));
    expect(ranked.map(({ why }) => why)).toEqual(['about $0.0011', 'about $0.0021']);
  });

  it('[F3] never takes an unknown price for 0', () => {
    const list = candidates({ id: 'a' }, { id: 'b', price: price('50', '50') }, { id: 'c' });
    expect(cost().rank(list, context())).toMatchObject([
      { id: 'b' },
      { id: 'a', why: 'its price is not known: after those that have one' },
      { id: 'c' },
    ]);
    expect(cost({ unknown: 'out' }).rank(list, context())).toMatchObject([
      { id: 'b' },
      { id: 'a', why: 'its price is not known', leftOut: true },
      { id: 'c', leftOut: true },
    ]);
    const bound = price('10', '10');
    expect(cost({ unknown: { bound } }).rank(list, context())).toMatchObject([
      { id: 'a', why: 'about $0.011 at most, its price is not known' },
      { id: 'c' },
      { id: 'b' },
    ]);
  });

  it('[F3] works where no price is known and where an estimate is none', () => {
    const list = candidates({ id: 'a' }, { id: 'b', price: price('1', '1') });
    expect(orderOf(cost(), list.slice(0, 1))).toBe('a');
    expect(orderOf(cost(), list, context({ inputTokens: Number.NaN }))).toBe('a b');
    expect(orderOf(cost(), [])).toBe('');
  });
});

describe('by name', () => {
  it('[F3] every strategy can be named', () => {
    const names = [
      'in-order',
      'reliability',
      'performance',
      'cost',
      'round-robin',
      'random',
      'weighted',
    ] as const;
    for (const name of names) expect(toStrategy(name).name).toBe(name);
  });

  it('[F3] takes one’s own as it is', () => {
    const own: Strategy = { name: 'shortest id', rank: () => [] };
    expect(toStrategy(own)).toBe(own);
  });

  it('refuses what is neither, and options that cannot be used', () => {
    for (const wrong of ['fastest', 'toString', {}, null, undefined])
      expect(() => toStrategy(wrong as unknown as Strategy)).toThrow(InvalidInputError);
    expect(() => reliability({ prior: 0 })).toThrow('options.prior');
    expect(() => reliability({ warmth: 2 })).toThrow('options.warmth');
    expect(() => performance({ tie: -1 })).toThrow('options.tie');
    expect(() => performance({ warmth: Number.NaN })).toThrow('options.warmth');
    expect(() => performance({ staleAfterMs: 0 })).toThrow('options.staleAfterMs');
    expect(() => performance({ of: 'speed' as 'latency' })).toThrow('options.of');
    for (const unknown of ['first', null, { bound: { input: 1, output: 1 } }])
      expect(() => cost({ unknown: unknown as 'last' })).toThrow('options.unknown');
  });
});
