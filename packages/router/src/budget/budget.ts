import type { Money, Price } from '@loci/prices';

/** What a call may use at most. */
export interface Estimate {
  readonly price: Price | null;
  readonly inputTokens: number;
  readonly maxOutputTokens: number;
}

/** The money kept for one call. The first of `settle` and `release` ends it; what is called later does nothing. */
export interface Reservation {
  readonly amount: Money;
  /** Books what the call cost; `null`, where that is not known, books all that was reserved. */
  settle(cost: Money | null): void;
  /** For a call that was never billed. */
  release(): void;
}

export interface BudgetState {
  readonly limit: Money;
  /** Settled in this period. */
  readonly spent: Money;
  /** Of calls that have not ended, whenever they began. */
  readonly reserved: Money;
  /** Epoch milliseconds when the limit holds anew; `null` where it never does. */
  readonly renewsAt: number | null;
}

/**
 * A limit of what calls cost, in exact integers.
 * INVARIANT: what is settled and what is reserved never exceed the limit together, however many calls run at once, as
 * long as no call costs more than was reserved for it.
 */
export interface Budget {
  /**
   * Keeps what the call may cost at most. Throws `BudgetError` where that is not left, and `InvalidInputError` for
   * numbers of tokens that are none.
   */
  reserve(estimate: Estimate): Reservation;
  state(): BudgetState;
}

/** Once in a period, when so large a share of the limit is spent. */
export interface BudgetEvent extends BudgetState {
  readonly type: 'budget-threshold';
  /** A share of the limit, above 0 and up to 1. */
  readonly threshold: number;
}
