import { type ChatRequest, InvalidInputError, type TokenCounter, type Usage } from '@loci/core';
import { countMessage, countTools } from '@loci/core/turn';

export interface CalibratedOptions {
  /** Requests to learn from, at most 1000: the newest; what is older is forgotten. @default 32 */
  readonly window?: number;
  /** Requests with fewer tokens of text are not learned from: their framing outweighs their text. @default 200 */
  readonly minTokens?: number;
  /** What `state()` gave in an earlier process. */
  readonly state?: CalibrationState;
}

/** What was learned, as JSON. */
export interface CalibrationState {
  readonly version: 1;
  /** Reported over counted, of the newest requests, oldest first. */
  readonly ratios: readonly number[];
}

export interface CalibratedCounter extends TokenCounter {
  /**
   * The error bar now. INVARIANT: covers every request in the window, at the factor of the moment and at every factor
   * of the window, because a ledger keeps counts that were made with them.
   */
  readonly errorRatio: number;
  /** What every count of the wrapped counter is multiplied by: the median of the window; 1 before anything was learned. */
  readonly factor: number;
  /**
   * Learns from one request, as it was sent, and what the vendor reported for it. Answers whether it was learned
   * from: not without usage, not from short requests, and not where pictures or files hide what the text cost.
   */
  observe(request: Pick<ChatRequest, 'messages' | 'tools'>, usage: Usage | null): boolean;
  /** For `state` in a later process. */
  state(): CalibrationState;
}

/** Requests of one text do not cost exactly the same twice, whatever the vendor. */
const leastError = 0.02;
const nothing: TokenCounter = {
  name: 'nothing',
  errorRatio: 0,
  load: () => Promise.resolve(),
  countText: () => 0,
};

/**
 * A counter that learns how a vendor counts. The factor is a median, so single outliers do not move it, while the error
 * bar widens for them until they leave the window. Deterministic: no clock and no chance.
 *
 * @example
 * const counter = calibrated(estimateCounter);
 * const chat = withMemory(learning(model, counter), { thread, counter });
 */
export function calibrated(counter: TokenCounter, options: CalibratedOptions = {}): CalibratedCounter {
  const { window = 32, minTokens = 200, state } = options;
  if (!Number.isSafeInteger(window) || window < 1 || window > 1000)
    throw new InvalidInputError('window', 'must be a whole number from 1 to 1000');
  if (!(minTokens >= 1)) throw new InvalidInputError('minTokens', 'must be a number from 1');
  let ratios = checkState(state).slice(-window);
  let factor = median(ratios);
  /** The factors that were in use when the requests of the window were counted. */
  let factors: number[] = [];

  return Object.freeze({
    name: `calibrated/${counter.name}`,
    get errorRatio() {
      // Little was seen: what the wrapped counter says of itself still counts, less with every request.
      const expected = factor * (1 + Math.max(leastError, counter.errorRatio / Math.sqrt(ratios.length + 1)));
      return Math.max(expected, ...ratios) / Math.min(factor, ...factors) - 1;
    },
    get factor() {
      return factor;
    },
    load: () => counter.load(),
    countText: (text: string) => Math.ceil(counter.countText(text) * factor),
    observe({ messages, tools }: Pick<ChatRequest, 'messages' | 'tools'>, usage: Usage | null) {
      if (!usage || messages.some(({ content }) => content.some(isMedia))) return false;
      const total = (by: TokenCounter) =>
        messages.reduce((sum, message) => sum + countMessage(by, message), countTools(by, tools));
      const framing = total(nothing);
      const counted = total(counter) - framing;
      const ratio = (usage.input - framing) / counted;
      if (counted < minTokens || !(ratio > 0)) return false;
      ratios = [...ratios, ratio].slice(-window);
      factors = [...factors, factor].slice(-window);
      factor = median(ratios);
      return true;
    },
    state: (): CalibrationState => ({ version: 1, ratios: [...ratios] }),
  });
}

function checkState(state: CalibrationState | undefined): readonly number[] {
  if (state === undefined) return [];
  const { version, ratios } = state;
  if (
    version !== 1 ||
    !Array.isArray(ratios) ||
    !ratios.every((ratio) => Number.isFinite(ratio) && ratio > 0)
  )
    throw new InvalidInputError('state', 'is not what state() of this version gave');
  return ratios;
}

function isMedia({ type }: { readonly type: string }): boolean {
  return type === 'image' || type === 'file';
}

/** 1 for nothing; the upper one of the two in the middle. */
function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 1;
}
