import type { Usage } from '@loci/core';
import { costOf, formatUsd, type Money, type Price, type Rates } from '@loci/prices';
import { checkOption } from '../statistics/check-option.js';
import { byPosition } from './sorted.js';
import type { Candidate, Ranked, Strategy, StrategyContext } from './strategy.js';

export interface CostOptions {
  /**
   * A model whose price is not known: `last` comes after all that have one, `out` is not tried, and with a bound it
   * counts as a model of that price, in picodollars per token. @default 'last'
   */
  readonly unknown?: 'last' | 'out' | { readonly bound: Rates };
}

interface Priced extends Ranked {
  readonly cost: Money;
}

/**
 * The cheapest first, by what this request is expected to cost: the input that the cache is likely to hold at the
 * price of reading it (all of it where the cache is warm, elsewhere as large a share as of late), the rest at the list
 * price. Equal ones stay in the order of the list. The score is in picodollars. Throws `InvalidInputError` for an
 * option that cannot be used.
 */
export function cost(options: CostOptions = {}): Strategy {
  const { unknown = 'last' } = options;
  const bound = typeof unknown === 'object' ? unknown?.bound : undefined;
  const known = bound ? typeof bound.input === 'bigint' && typeof bound.output === 'bigint' : false;
  checkOption(
    known || unknown === 'last' || unknown === 'out',
    'unknown',
    'is neither "last", "out" nor { bound } with rates as bigint',
  );
  return {
    name: 'cost',
    rank(candidates, context) {
      const priced: Priced[] = [];
      const unpriced: Ranked[] = [];
      for (const candidate of byPosition(candidates)) {
        const { id, model, price } = candidate;
        const assumed = bound && {
          provider: model.provider,
          modelId: model.modelId,
          asOf: '',
          source: 'bound',
          ...bound,
        };
        const expected = price && expectedCost(price, candidate, context);
        const most = assumed && expectedCost(assumed, candidate, context);
        if (expected) priced.push({ id, ...expected });
        else if (most) priced.push({ id, ...most, why: `${most.why} at most, its price is not known` });
        else if (unknown === 'out')
          unpriced.push({ id, score: Number.MAX_VALUE, why: 'its price is not known', leftOut: true });
        else
          unpriced.push({
            id,
            score: Number.MAX_VALUE,
            why: 'its price is not known: after those that have one',
          });
      }
      const cheapest = priced.sort((a, b) => (a.cost < b.cost ? -1 : a.cost > b.cost ? 1 : 0));
      return [...cheapest.map(({ id, score, why }) => ({ id, score, why })), ...unpriced];
    },
  };
}

/** `null` where the price has no rate for it. */
function expectedCost(
  price: Price,
  { id, statistics }: Candidate,
  context: StrategyContext,
): Omit<Priced, 'id'> | null {
  const { warm } = context;
  const input = Math.ceil(context.inputTokens);
  const cached = id === warm ? input : Math.floor(input * (statistics.recent.cacheHitRate ?? 0));
  const usageWith = (cacheRead: number): Usage => ({
    input,
    cacheRead,
    cacheWrite: 0,
    output: Math.ceil(context.outputTokens),
    reasoning: 0,
  });
  const reading = costOf(usageWith(cached), price);
  const found = reading ?? costOf(usageWith(0), price);
  if (!found) return null;
  const from = reading && cached > 0 ? `, ${cached} of ${input} input tokens from the cache` : '';
  return { cost: found.total, score: Number(found.total), why: `about $${formatUsd(found.total)}${from}` };
}
