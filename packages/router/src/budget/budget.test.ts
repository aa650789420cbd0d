import { InvalidInputError } from '@loci/core';
import { type Money, type Price, parseUsd } from '@loci/prices';
import { createTestClock } from '@loci/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BudgetEvent } from './budget.js';
import { BudgetError } from './budget-error.js';
import { createBudget } from './create-budget.js';

/** A picodollar a token, in and out. */
const price: Price = {
  provider: 'example',
  modelId: 'example',
  asOf: '2026-01-01',
  source: 'the test',
  input: 1n,
  output: 1n,
};
const tokens = (inputTokens: number, maxOutputTokens = 0) => ({ price, inputTokens, maxOutputTokens });
const hour = 3_600_000;
const start = Date.UTC(2026, 0, 1, 12, 30);

function errorOf(run: () => unknown): BudgetError {
  try {
    run();
  } catch (error) {
    if (BudgetError.isInstance(error)) return error;
    throw error;
  }
  throw new Error('it was taken');
}

describe('reserving', () => {
  it('keeps the upper estimate until the call ends, and books what it cost', () => {
    const budget = createBudget({ limit: 100n });
    const call = budget.reserve(tokens(30, 40));
    expect(call.amount).toBe(70n);
    expect(budget.state()).toEqual({ limit: 100n, spent: 0n, reserved: 70n, renewsAt: null });
    call.settle(12n);
    expect(budget.state()).toMatchObject({ spent: 12n, reserved: 0n });
    call.settle(50n);
    call.release();
    expect(budget.state()).toMatchObject({ spent: 12n, reserved: 0n });
  });

  it('books all that was reserved where the cost is not known, and nothing where nothing was billed', () => {
    const budget = createBudget({ limit: 100n });
    budget.reserve(tokens(30)).settle(null);
    budget.reserve(tokens(40)).release();
    expect(budget.state()).toMatchObject({ spent: 30n, reserved: 0n });
  });

  it('reserves for the dearest that the input can be billed as, and for the tier of a long prompt', () => {
    const dear: Price = {
      ...price,
      cacheWrite: 3n,
      cacheRead: 0n,
      tiers: [{ above: 100, input: 10n, output: 20n }],
    };
    const budget = createBudget({ limit: 10_000n });
    expect(budget.reserve({ price: dear, inputTokens: 100, maxOutputTokens: 7 }).amount).toBe(307n);
    expect(budget.reserve({ price: dear, inputTokens: 101, maxOutputTokens: 7 }).amount).toBe(1150n);
  });

  it('takes dollars as an exact decimal', () => {
    expect(createBudget({ limit: '10.00' }).state().limit).toBe(parseUsd('10'));
    expect(createBudget({ limit: '0.000000000001' }).state().limit).toBe(1n);
  });

  it('calls that run at once and sums of any size never pass the limit, and add up exactly', () => {
    const anyStep = fc.record({
      input: fc.nat(400),
      output: fc.nat(400),
      end: fc.constantFrom('settle', 'unknown', 'release', 'stay'),
      share: fc.nat(100),
      endFirst: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 60 }), fc.bigInt(0n, 3000n), (steps, limit) => {
        const budget = createBudget({ limit });
        const open: (() => void)[] = [];
        let spent: Money = 0n;
        let reserved: Money = 0n;
        const check = () => {
          expect(budget.state()).toMatchObject({ spent, reserved });
          expect(spent + reserved).toBeLessThanOrEqual(limit);
        };
        for (const { input, output, end, share, endFirst } of steps) {
          const needed = BigInt(input + output);
          if (spent + reserved + needed > limit) {
            expect(errorOf(() => budget.reserve(tokens(input, output)))).toMatchObject({
              spent,
              reserved,
              needed,
            });
          } else {
            const call = budget.reserve(tokens(input, output));
            reserved += needed;
            open.push(() => {
              if (end === 'stay') return;
              const cost =
                end === 'release' ? 0n : end === 'unknown' ? needed : (needed * BigInt(share)) / 100n;
              if (end === 'release') call.release();
              else call.settle(end === 'unknown' ? null : cost);
              reserved -= needed;
              spent += cost;
            });
          }
          if (endFirst) open.shift()?.();
          check();
        }
        for (const end of open) end();
        check();
      }),
    );
  });
});

describe('refusing', () => {
  it('says what is left and when it is renewed', async () => {
    const clock = createTestClock(start);
    const budget = createBudget({ limit: '2', per: 'hour', clock });
    budget.reserve(tokens(500_000_000_000)).settle(null);
    budget.reserve(tokens(500_000_000_000));
    const error = errorOf(() => budget.reserve(tokens(1_500_000_000_000)));
    expect(error).toMatchObject({
      code: 'BUDGET',
      name: 'BudgetError',
      reason: 'limit',
      needed: parseUsd('1.5'),
      spent: parseUsd('0.5'),
      reserved: parseUsd('0.5'),
      renewsAt: start + hour / 2,
    });
    expect(error.message).toBe(
      'The call may cost $1.5; of the budget of $2, $0.5 is spent and $0.5 reserved. It is renewed at 2026-01-01T13:00:00.000Z.',
    );
    await clock.advance(hour / 2);
    expect(budget.reserve(tokens(1_500_000_000_000)).amount).toBe(parseUsd('1.5'));
  });

  it('says that waiting does not help where the call alone is too dear or nothing is renewed', () => {
    const budget = createBudget({ limit: 10n, per: 'day' });
    expect(errorOf(() => budget.reserve(tokens(11))).message).toContain('Ask for less output');
    const forGood = createBudget({ limit: 10n });
    forGood.reserve(tokens(10));
    expect(errorOf(() => forGood.reserve(tokens(1))).message).toContain('Wait for calls that are under way');
  });

  it('refuses a model without a price, unless it is bounded', () => {
    const unknown = { price: null, inputTokens: 10, maxOutputTokens: 5 };
    const strict = createBudget({ limit: '100' });
    expect(errorOf(() => strict.reserve(unknown))).toMatchObject({ reason: 'unknown-price', needed: null });
    expect(strict.state().reserved).toBe(0n);
    const bounded = createBudget({ limit: '100', unknownPrice: { input: 2n, output: 3n } });
    expect(bounded.reserve(unknown).amount).toBe(35n);
  });

  it('refuses options and estimates that cannot be used', () => {
    for (const limit of ['ten', '-1', '1e3', '', -1n, 5])
      expect(() => createBudget({ limit: limit as string })).toThrow('options.limit');
    for (const per of ['week', 0, -5, 1.5, Number.NaN])
      expect(() => createBudget({ limit: 1n, per: per as 'day' })).toThrow('options.per');
    expect(() => createBudget({ limit: 1n, thresholds: [1.1] })).toThrow('options.thresholds');
    expect(() => createBudget({ limit: 1n, unknownPrice: { input: 1 } as never })).toThrow(
      'options.unknownPrice',
    );
    const budget = createBudget({ limit: 1n });
    for (const wrong of [Number.NaN, -1, Number.POSITIVE_INFINITY]) {
      expect(() => budget.reserve(tokens(wrong))).toThrow(InvalidInputError);
      expect(() => budget.reserve(tokens(0, wrong))).toThrow('estimate.maxOutputTokens');
    }
  });
});

describe('periods', () => {
  it('begins anew at midnight UTC, each hour, or each so many milliseconds', async () => {
    for (const [per, renewsAt] of [
      ['day', Date.UTC(2026, 0, 2)],
      ['hour', Date.UTC(2026, 0, 1, 13)],
      [600_000, Date.UTC(2026, 0, 1, 12, 40)],
    ] as const) {
      const clock = createTestClock(start);
      const budget = createBudget({ limit: 10n, per, clock });
      budget.reserve(tokens(10)).settle(null);
      expect(budget.state()).toMatchObject({ spent: 10n, renewsAt });
      await clock.advance(renewsAt - start - 1);
      expect(budget.state().spent).toBe(10n);
      await clock.advance(1);
      expect(budget.state().spent).toBe(0n);
    }
  });

  it('counts a call that runs over the end of a period in the one in which it ends', async () => {
    const clock = createTestClock(start);
    const budget = createBudget({ limit: 10n, per: 'hour', clock });
    const call = budget.reserve(tokens(8));
    await clock.advance(hour);
    expect(errorOf(() => budget.reserve(tokens(3)))).toMatchObject({ spent: 0n, reserved: 8n });
    call.settle(5n);
    expect(budget.state()).toMatchObject({ spent: 5n, reserved: 0n });
  });

  it('does not give money out twice when the clock is set back', () => {
    let now = start;
    const budget = createBudget({ limit: 10n, per: 'hour', clock: { ...createTestClock(), now: () => now } });
    budget.reserve(tokens(10)).settle(null);
    now -= 2 * hour;
    expect(budget.state().spent).toBe(10n);
    now += 2 * hour;
    expect(budget.state().spent).toBe(10n);
  });

  it('tells of each threshold once in a period, whoever listens', async () => {
    const clock = createTestClock(start);
    const events: BudgetEvent[] = [];
    const onEvent = (event: BudgetEvent) => {
      events.push(event);
      throw new Error('a listener at fault');
    };
    const budget = createBudget({ limit: 100n, per: 'hour', thresholds: [1, 0.5, 0.9], onEvent, clock });
    const spend = (cost: number) => budget.reserve(tokens(cost)).settle(null);
    spend(49);
    expect(events).toEqual([]);
    spend(1);
    spend(1);
    spend(44);
    spend(5);
    expect(events.map(({ threshold, spent }) => [threshold, spent])).toEqual([
      [0.5, 50n],
      [0.9, 95n],
      [1, 100n],
    ]);
    await clock.advance(hour);
    spend(60);
    expect(events).toHaveLength(4);
    expect(events[3]).toMatchObject({ type: 'budget-threshold', threshold: 0.5, spent: 60n, limit: 100n });
  });
});
