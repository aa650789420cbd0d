import { hasCode, LociError } from './loci-error.js';

/** Thrown before the model is called when a turn cannot fit its context window even without any history. */
export class ContextOverflowError extends LociError {
  /** Tokens that the smallest legal request needs, the counter's error included. */
  readonly needed: number;
  /** Tokens that the window leaves for it. */
  readonly available: number;

  constructor(needed: number, available: number) {
    super(
      'CONTEXT_OVERFLOW',
      `This turn needs about ${needed} tokens and the context window leaves ${available}. Shorten the input, the instructions or the tools, or use a larger window.`,
    );
    this.needed = needed;
    this.available = available;
  }

  static override isInstance(error: unknown): error is ContextOverflowError {
    return hasCode(error, 'CONTEXT_OVERFLOW');
  }
}
