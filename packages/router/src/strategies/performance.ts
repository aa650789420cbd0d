import { checkMs, checkOption } from '../statistics/check-option.js';
import { expectedFailures } from './expected-failures.js';
import { byPosition, byScore } from './sorted.js';
import type { Candidate, Ranked, Strategy, StrategyContext } from './strategy.js';

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

  const measured = ({ statistics }: Candidate, now: number) =>
    now - (statistics.lastUsedAt ?? now) < staleAfterMs ? statistics.recent[of] : null;

  return {
    name: 'performance',
    rank(candidates, context) {
      const { warm, now } = context;
      const listed = byPosition(candidates);
      const known = listed.flatMap((candidate) => measured(candidate, now) ?? []);
      const fastest = known.length > 0 ? Math.min(...known) : 1;
      const scored = listed.map((candidate): Scored => {
        const { id, statistics } = candidate;
        const ms = measured(candidate, now);
        // A model that always fails is slow, not infinitely slow: it may be all there is.
        const expected = (ms ?? fastest) / Math.max(1 - expectedFailures(candidate), 0.05);
        const why = [
          ms === null
            ? 'not measured of late: taken to be as fast as the fastest'
            : `about ${expected.toFixed(0)} ms`,
          `${statistics.inFlight} in flight`,
          ...(id === warm ? ['its prompt cache is warm'] : []),
        ].join(', ');
        const score = id === warm ? expected / (1 + warmth) : expected;
        return { id, score, why, load: expected * (statistics.inFlight + 1) };
      });
      return chooseFirst(byScore(scored), tie, context);
    },
  };
}

/** Puts one of those that are about equally fast in front; they share the score of the fastest. */
function chooseFirst(scored: readonly Scored[], tie: number, context: StrategyContext): readonly Ranked[] {
  const [best] = scored;
  if (!best) return [];
  const equals = scored.filter(({ score }) => score <= best.score * (1 + tie));
  const first =
    best.id === context.warm || equals.length === 1 ? best : (lessLoaded(equals, context) ?? best);
  return [first, ...scored.filter((item) => item !== first)].map((item) => ({
    id: item.id,
    score: equals.includes(item) ? best.score : item.score,
    why: item === first && equals.length > 1 ? `${item.why}, chosen of about equal ones` : item.why,
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
