import { checkMs, checkOption } from '../statistics/check-option.js';
import { expectedFailures } from './expected-failures.js';
import { byPosition, byScore } from './sorted.js';
import type { Ranked, Strategy, StrategyContext } from './strategy.js';

export interface PerformanceOptions {
  /** What is to be fast: the whole answer, or its first content. @default 'latency' */
  readonly of?: 'latency' | 'firstContent';
  /** Candidates that are slower than the fastest by no more than this share count as equally fast. @default 0.1 */
  readonly tie?: number;
  /**
   * By how large a share another must be faster than the model with the warm prompt cache to be worth losing the
   * cache for. @default 0.25
   */
  readonly warmth?: number;
  /** Not used for so many milliseconds, a model counts as fast as the fastest and is measured again. @default 300_000 */
  readonly staleAfterMs?: number;
}

interface Scored extends Ranked {
  readonly load: number;
}

/**
 * The fastest first. What is expected of a model is its recent peak-sensitive average in milliseconds, divided by the
 * share of attempts that succeed, so that failing fast does not pay; untried models count as fast as the fastest. Of
 * two drawn from those that are about equally fast, the one with less expected work in flight is first (the power of
 * two choices; Mitzenmacher, IEEE TPDS 12(10), 2001). Throws `InvalidInputError` for an option that cannot be used.
 */
export function performance(options: PerformanceOptions = {}): Strategy {
  const { of = 'latency', tie = 0.1, warmth = 0.25, staleAfterMs = 300_000 } = options;
  checkOption(of === 'latency' || of === 'firstContent', 'of', 'is neither "latency" nor "firstContent"');
  checkOption(tie >= 0 && tie < Number.POSITIVE_INFINITY, 'tie', 'is not a share from 0');
  checkOption(warmth >= 0 && warmth < Number.POSITIVE_INFINITY, 'warmth', 'is not a share from 0');
  checkMs(staleAfterMs, 'staleAfterMs');

  return {
    name: 'performance',
    rank(candidates, context) {
      const { warm, now } = context;
      let fastest = Number.POSITIVE_INFINITY;
      const measured = byPosition(candidates).map(({ id, statistics }) => {
        const { recent, lastUsedAt, inFlight } = statistics;
        const ms = now - (lastUsedAt ?? now) < staleAfterMs ? recent[of] : null;
        if (ms !== null && ms < fastest) fastest = ms;
        return { id, ms, inFlight, failures: expectedFailures(recent) };
      });
      if (fastest === Number.POSITIVE_INFINITY) fastest = 1;
      const scored = measured.map(({ id, ms, inFlight, failures }): Scored => {
        // A model that always fails is slow, not infinitely slow: it may be all there is.
        const expected = (ms ?? fastest) / Math.max(1 - failures, 0.05);
        const speed =
          ms === null
            ? 'not measured of late: taken to be as fast as the fastest'
            : `about ${Math.round(expected)} ms`;
        const warmly = id === warm ? ', its prompt cache is warm' : '';
        return {
          id,
          score: id === warm ? expected / (1 + warmth) : expected,
          why: `${speed}, ${inFlight} in flight${warmly}`,
          load: expected * (inFlight + 1),
        };
      });
      return chooseFirst(byScore(scored), tie, context);
    },
  };
}

/** Puts one of those that are about equally fast in front; they share the score of the fastest. */
function chooseFirst(scored: readonly Scored[], tie: number, context: StrategyContext): readonly Ranked[] {
  const [best] = scored;
  if (!best) return [];
  const equal = best.score * (1 + tie);
  const equals = scored.filter(({ score }) => score <= equal);
  const first =
    best.id === context.warm || equals.length === 1 ? best : (lessLoaded(equals, context) ?? best);
  const order = first === best ? scored : [first, ...scored.filter((item) => item !== first)];
  return order.map(({ id, score, why }) => ({
    id,
    score: score <= equal ? best.score : score,
    why: id === first.id && equals.length > 1 ? `${why}, chosen of about equal ones` : why,
  }));
}

/** Draws two and takes the one with less work in flight; of equally loaded ones the earlier. */
function lessLoaded(equals: readonly Scored[], { random }: StrategyContext): Scored | undefined {
  const first = Math.floor(random() * equals.length);
  const second = Math.floor(random() * (equals.length - 1));
  const [a, b] = equals.filter(
    (_, index) => index === first || index === (second < first ? second : second + 1),
  );
  return a && b && b.load < a.load ? b : a;
}
