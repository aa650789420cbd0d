import { checkOption } from '../statistics/check-option.js';
import { expectedFailures, priorSuccesses, tellReliability } from './expected-failures.js';
import { byPosition, byScore } from './sorted.js';
import type { Strategy } from './strategy.js';

export interface ReliabilityOptions {
  /**
   * Every model begins as if so many attempts had succeeded, more than 0: an untried one is given its chance, and one
   * that failed long ago another. @default 2
   */
  readonly prior?: number;
  /**
   * How much likelier to fail, as a difference of shares, the model with the warm prompt cache may be before another
   * is worth losing the cache for. @default 0.02
   */
  readonly warmth?: number;
}

/**
 * The least likely to fail first, by recent attempts: the mean of a Beta posterior. Equal ones stay in the order of
 * the list. The score is the expected share of failures. Throws `InvalidInputError` for an option that cannot be used.
 */
export function reliability(options: ReliabilityOptions = {}): Strategy {
  const { prior = priorSuccesses, warmth = 0.02 } = options;
  checkOption(prior > 0 && prior < Number.POSITIVE_INFINITY, 'prior', 'is not a number above 0');
  checkOption(warmth >= 0 && warmth <= 1, 'warmth', 'is not a share from 0 to 1');
  return {
    name: 'reliability',
    rank(candidates, { warm }) {
      const scored = byPosition(candidates).map(({ id, statistics }) => {
        const { recent } = statistics;
        const isWarm = id === warm;
        const score = expectedFailures(recent, prior) - (isWarm ? warmth : 0);
        const why = `${tellReliability(recent)}${isWarm ? ', its prompt cache is warm' : ''}`;
        return { id, score, why };
      });
      return byScore(scored);
    },
  };
}
