import { byPosition, byScore } from './sorted.js';
import type { Candidate, Strategy, StrategyContext } from './strategy.js';

/** Every order is equally likely. */
export function random(): Strategy {
  return {
    name: 'random',
    rank: (candidates, context) =>
      drawn(candidates, context, () => 1).map(({ id, score }) => ({ id, score, why: 'drawn at random' })),
  };
}

/**
 * A candidate is the first with a chance of its `weight` in the sum of the weights; those after it are drawn in the
 * same way. One with a weight of 0 only stands by, after all others.
 */
export function weighted(): Strategy {
  return {
    name: 'weighted',
    rank: (candidates, context) =>
      drawn(candidates, context, ({ weight }) => weight).map(({ id, weight, score }) => ({
        id,
        score,
        why: weight > 0 ? `drawn with weight ${weight}` : 'weight 0: only stands by',
      })),
  };
}

/** Weighted sampling without replacement: Efraimidis and Spirakis, Information Processing Letters 97(5), 2006. */
function drawn(
  candidates: readonly Candidate[],
  context: StrategyContext,
  weightOf: (candidate: Candidate) => number,
) {
  const scored = byPosition(candidates).map((candidate) => {
    const weight = weightOf(candidate);
    // `random` may answer 0, whose logarithm is infinite, but never 1.
    const wait = -Math.log(1 - context.random());
    return { id: candidate.id, weight, score: weight > 0 ? wait / weight : Number.MAX_VALUE };
  });
  return byScore(scored);
}
