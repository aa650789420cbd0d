import fc from 'fast-check';
import { expect, it } from 'vitest';
import { candidate, context, now, price, type Sketched } from '../../test/candidates.js';
import { random, weighted } from './by-chance.js';
import { cost } from './cost.js';
import { inOrder, roundRobin } from './list-order.js';
import { performance } from './performance.js';
import { reliability } from './reliability.js';

const all = [
  inOrder(),
  roundRobin(),
  random(),
  weighted(),
  reliability(),
  performance(),
  cost(),
  cost({ unknown: 'out' }),
  cost({ unknown: { bound: price('3', '15') } }),
];
const share = fc.double({ min: 0, max: 1, noNaN: true });
const latency = fc.option(fc.double({ min: 0.1, max: 1e6, noNaN: true }), { nil: null });
const nullLike = { nil: null };
const dollars = fc.integer({ min: 1, max: 100 });

const anySketched: fc.Arbitrary<Omit<Sketched, 'id' | 'position'>> = fc.record({
  weight: fc.constantFrom(0, 1, 2.5, 10),
  price: fc.option(
    fc.tuple(dollars, dollars).map(([input, output]) => price(`${input}`, `${output}`, `0.${input}`)),
    nullLike,
  ),
  inFlight: fc.nat(20),
  lastUsedAt: fc.option(
    fc.nat(600_000).map((ago) => now - ago),
    nullLike,
  ),
  recent: fc.record({
    successRate: fc.option(share, nullLike),
    weight: fc.double({ min: 0, max: 1000, noNaN: true }),
    latency,
    firstContent: latency,
    cacheHitRate: fc.option(share, nullLike),
  }),
});
const anyCandidates = fc
  .array(anySketched, { maxLength: 6 })
  .map((list) => list.map((of, position) => candidate({ ...of, id: `m${position}`, position })));
const anyContext = fc.record({
  seed: fc.nat(),
  sequence: fc.nat(1000),
  inputTokens: fc.nat(1_000_000),
  outputTokens: fc.nat(100_000),
  warm: fc.option(fc.constantFrom('m0', 'm1', 'm2', 'gone'), { nil: undefined }),
});

it('[F3] every strategy ranks each candidate once, with a finite score and a reason, best first', () => {
  fc.assert(
    fc.property(anyCandidates, anyContext, (list, given) => {
      for (const strategy of all) {
        const ranked = strategy.rank(list, context(given));
        expect(ranked.map(({ id }) => id).toSorted()).toEqual(list.map(({ id }) => id));
        for (const { score, why } of ranked) {
          expect(Number.isFinite(score)).toBe(true);
          expect(why).not.toBe('');
        }
        const scores = ranked.map(({ score }) => score);
        expect(scores).toEqual(scores.toSorted((a, b) => a - b));
      }
    }),
  );
});

it('[F3] every strategy is pure and does not depend on the order of its arguments', () => {
  const shuffled = anyCandidates.chain((list) =>
    fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
  );
  fc.assert(
    fc.property(shuffled, anyContext, ([list, other], given) => {
      for (const strategy of all) {
        const ranked = strategy.rank(Object.freeze(list), context(given));
        expect(strategy.rank(other, context(given))).toEqual(ranked);
      }
    }),
  );
});

it('[F3] who is better in everything is never behind', () => {
  const pair = fc.record({
    dollars,
    inFlight: fc.nat(20),
    weight: fc.double({ min: 0.01, max: 1000, noNaN: true }),
    successRate: fc.double({ min: 0, max: 0.99, noNaN: true }),
    latency: fc.double({ min: 1, max: 1e6, noNaN: true }),
    /** By more than what counts as equally fast. */
    faster: fc.double({ min: 1.2, max: 10, noNaN: true }),
  });
  fc.assert(
    fc.property(anyCandidates, anyContext, pair, (list, given, { faster, weight, ...worse }) => {
      const { successRate, inFlight } = worse;
      const last = candidate({
        id: 'better',
        position: 100,
        inFlight,
        price: price(`${worse.dollars - 1}`, `${worse.dollars - 1}`),
        recent: { weight, successRate: successRate + 0.01, latency: worse.latency / faster },
      });
      const first = candidate({
        id: 'worse',
        position: -1,
        inFlight,
        price: price(`${worse.dollars}`, `${worse.dollars}`),
        recent: { weight, successRate, latency: worse.latency },
      });
      const used = { ...context(given), inputTokens: given.inputTokens + 1 };
      for (const strategy of [reliability(), performance(), cost()]) {
        const order = strategy.rank([first, ...list, last], used).map(({ id }) => id);
        expect(order.indexOf('better'), strategy.name).toBeLessThan(order.indexOf('worse'));
      }
    }),
  );
});
