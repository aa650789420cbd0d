import { ContextOverflowError } from '../errors/context-overflow-error.js';
import { InvalidInputError } from '../errors/invalid-input-error.js';
import type { Budget } from '../memory/memory.js';
import type { ModelTraits } from '../model/model.js';

/** Fractions of what the window leaves for messages; what is not shared out is for the turn's own messages. */
export interface Shares {
  /** @default 0.6 */
  readonly history?: number;
  /** @default 0.1 */
  readonly state?: number;
  /** @default 0.2 */
  readonly recalled?: number;
}

export interface BudgetInput {
  readonly contextWindow: number;
  /** Tokens kept free for the answer. */
  readonly outputTokens: number;
  /** Of tool schemas and instructions. */
  readonly fixedTokens: number;
  readonly errorRatio: number;
  readonly shares: Shares | undefined;
}

/**
 * window − output − tool schemas − instructions − the counter's error, in the counter's own tokens, and its shares.
 * Throws `ContextOverflowError` where nothing is left.
 */
export function computeBudget(input: BudgetInput): Budget & { readonly available: number } {
  const { contextWindow, outputTokens, fixedTokens, errorRatio, shares = {} } = input;
  const usable = Math.floor((contextWindow - outputTokens) / (1 + errorRatio));
  const available = usable - fixedTokens;
  if (available <= 0) throw new ContextOverflowError(fixedTokens, Math.max(0, usable));
  const share = (fraction: number) => Math.floor(available * fraction);
  return {
    available,
    history: share(shares.history ?? 0.6),
    state: share(shares.state ?? 0.1),
    recalled: share(shares.recalled ?? 0.2),
  };
}

/** The window of a model; one that is not known has to be given. */
export function windowOf(traits: ModelTraits, given: number | undefined): number {
  const size = given ?? traits.contextWindow;
  if (typeof size === 'number' && size > 0) return size;
  throw new InvalidInputError('contextWindow', 'is not known for this model; give it, in tokens');
}

/** What to keep free for the answer: as asked, or the model's most, but at most a quarter of the window. */
export function outputReserve(window: number, traits: ModelTraits, asked: number | undefined): number {
  const most = traits.maxOutputTokens === 'unknown' ? 4096 : traits.maxOutputTokens;
  return asked ?? Math.min(most, Math.floor(window / 4));
}
