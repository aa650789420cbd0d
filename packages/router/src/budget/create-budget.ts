import { type Clock, systemClock } from '@loci/core';
import { type Money, parseUsd, type Rates } from '@loci/prices';
import { checkMs, checkOption } from '../statistics/check-option.js';
import type { Budget, BudgetEvent, BudgetState } from './budget.js';
import { BudgetError } from './budget-error.js';
import { upperBound } from './upper-bound.js';

export interface BudgetOptions {
  /** US dollars as a decimal, such as `'10.00'`, or picodollars; not negative. */
  readonly limit: string | Money;
  /**
   * How long the limit holds: for good, for each day or hour of UTC, or for each so many whole milliseconds, counted
   * from 1970. @default 'total'
   */
  readonly per?: 'total' | 'day' | 'hour' | number;
  /** A model whose price is not known is refused, or billed at these rates at most. @default 'refuse' */
  readonly unknownPrice?: 'refuse' | Rates;
  /** Shares of the limit, above 0 and up to 1, at which an event says so. @default [0.5, 0.8, 1] */
  readonly thresholds?: readonly number[];
  /** What it throws is ignored. */
  readonly onEvent?: (event: BudgetEvent) => void;
  /** @default systemClock */
  readonly clock?: Clock;
}

/**
 * A budget of this process, in memory. A reservation counts in every period until its call has ended, and what the call
 * cost counts in the period in which that was settled. Throws `InvalidInputError` for an option that cannot be used.
 *
 * @example
 * const budget = createBudget({ limit: '10.00', per: 'day' });
 */
export function createBudget(options: BudgetOptions): Budget {
  const { limit, periodMs, rates, thresholds, onEvent, clock } = checkOptions(options);
  let spent = 0n;
  let reserved = 0n;
  let period = currentPeriod();
  let told = 0;

  function currentPeriod(): number {
    return Math.floor(clock.now() / periodMs);
  }

  function renew(): void {
    // A clock that is set back must not give the same money out twice.
    if (currentPeriod() <= period) return;
    period = currentPeriod();
    spent = 0n;
    told = 0;
  }

  function state(): BudgetState {
    renew();
    const renewsAt = periodMs === Number.POSITIVE_INFINITY ? null : (period + 1) * periodMs;
    return { limit, spent, reserved, renewsAt };
  }

  function book(cost: Money): void {
    renew();
    spent += cost;
    const share = Number(spent) / Number(limit);
    for (let next = thresholds[told]; next !== undefined && share >= next; next = thresholds[told]) {
      told += 1;
      try {
        onEvent?.({ type: 'budget-threshold', threshold: next, ...state() });
      } catch {
        // Watching the budget must not be able to fail a call.
      }
    }
  }

  return Object.freeze<Budget>({
    state,
    reserve(estimate) {
      const amount = upperBound(estimate, rates);
      const before = state();
      if (amount === null || before.spent + before.reserved + amount > limit)
        throw new BudgetError(before, amount);
      reserved += amount;
      let open = true;
      const end = (cost: Money) => {
        if (!open) return;
        open = false;
        reserved -= amount;
        book(cost);
      };
      return Object.freeze({
        amount,
        settle: (cost: Money | null) => end(cost ?? amount),
        release: () => end(0n),
      });
    },
  });
}

const periods = { total: Number.POSITIVE_INFINITY, day: 86_400_000, hour: 3_600_000 };

function checkOptions(options: BudgetOptions) {
  const { per = 'total', unknownPrice = 'refuse', thresholds = [0.5, 0.8, 1] } = options;
  const periodMs = typeof per === 'number' ? per : periods[per];
  if (typeof per === 'number') checkMs(per, 'per');
  checkOption(
    periodMs === Number.POSITIVE_INFINITY || Number.isInteger(periodMs),
    'per',
    'is neither "total", "day", "hour" nor a whole number of milliseconds',
  );
  const rates = unknownPrice === 'refuse' ? null : unknownPrice;
  checkOption(
    rates === null || (typeof rates?.input === 'bigint' && typeof rates.output === 'bigint'),
    'unknownPrice',
    'is neither "refuse" nor rates as bigint',
  );
  checkOption(
    thresholds.every((share) => share > 0 && share <= 1),
    'thresholds',
    'are not shares above 0 and up to 1',
  );
  return {
    limit: toMoney(options.limit),
    periodMs,
    rates,
    thresholds: thresholds.toSorted((a, b) => a - b),
    onEvent: options.onEvent,
    clock: options.clock ?? systemClock,
  };
}

function toMoney(limit: string | Money): Money {
  const money = typeof limit === 'string' && /^\d{1,30}(\.\d{1,12})?$/.test(limit) ? parseUsd(limit) : limit;
  const usable = typeof money === 'bigint' && money >= 0n;
  checkOption(usable, 'limit', 'is neither a decimal number of dollars from 0 nor a bigint of picodollars');
  return BigInt(money);
}
