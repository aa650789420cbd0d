import { costOf, type Money } from '@loci/prices';
import type { HedgeOptions } from '../options.js';
import type { Member } from '../plan/member.js';
import type { Needs } from '../plan/needs.js';
import { parseMoney } from '../route/money.js';

/** Answers before the 95th percentile of a model means anything. */
const enough = 20;
/** Expected where a request does not limit its answer. */
const usualOutputTokens = 1000;

/** When a second model is asked beside a slow one, and whether it may be. */
export interface Hedging {
  /** Milliseconds without content; `undefined` where it is not known yet. */
  afterMs(slow: Member): number | undefined;
  allows(second: Member, needs: Needs): boolean;
}

export function createHedging({ afterMs, maxCost }: HedgeOptions): Hedging {
  const ceiling: Money | undefined = maxCost === undefined ? undefined : parseMoney(maxCost, 'hedge.maxCost');
  return {
    afterMs(slow) {
      if (afterMs !== 'p95') return afterMs;
      const { firstContent } = slow.statistics;
      return firstContent && firstContent.count >= enough ? firstContent.p95 : undefined;
    },
    allows({ price }, { inputTokens, outputTokens }) {
      if (ceiling === undefined) return true;
      const usage = {
        input: inputTokens,
        cacheRead: 0,
        cacheWrite: 0,
        output: outputTokens || usualOutputTokens,
        reasoning: 0,
      };
      const cost = costOf(usage, price);
      return cost !== null && cost.total <= ceiling;
    },
  };
}
