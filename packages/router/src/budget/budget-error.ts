import { LociError } from '@loci/core';
import { formatUsd, type Money } from '@loci/prices';
import type { BudgetState } from './budget.js';

/** Thrown by `reserve` where a call might cost more than is left, or nobody knows what it costs. Nothing was reserved. */
export class BudgetError extends LociError implements BudgetState {
  readonly reason: 'limit' | 'unknown-price';
  readonly limit: Money;
  readonly spent: Money;
  readonly reserved: Money;
  /** Epoch milliseconds when the limit holds anew; `null` where it never does. */
  readonly renewsAt: number | null;
  /** What the call may cost at most; `null` where the price is not known. */
  readonly needed: Money | null;

  constructor(state: BudgetState, needed: Money | null) {
    super('BUDGET', needed === null ? unknownPrice : tell(state, needed));
    this.reason = needed === null ? 'unknown-price' : 'limit';
    this.limit = state.limit;
    this.spent = state.spent;
    this.reserved = state.reserved;
    this.renewsAt = state.renewsAt;
    this.needed = needed;
  }

  static override isInstance(error: unknown): error is BudgetError {
    return LociError.isInstance(error) && error.code === 'BUDGET';
  }
}

const unknownPrice =
  'The price of the model is not known, so no budget can hold. Give its price, or rates as `unknownPrice`.';

function tell({ limit, spent, reserved, renewsAt }: BudgetState, needed: Money): string {
  const usd = (money: Money) => `$${formatUsd(money)}`;
  const state = `The call may cost ${usd(needed)}; of the budget of ${usd(limit)}, ${usd(spent)} is spent and ${usd(reserved)} reserved.`;
  if (needed > limit) return `${state} Ask for less output, or raise the limit.`;
  if (renewsAt === null) return `${state} Wait for calls that are under way, or raise the limit.`;
  return `${state} It is renewed at ${new Date(renewsAt).toISOString()}.`;
}
