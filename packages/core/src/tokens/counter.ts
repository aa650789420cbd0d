/**
 * Counts the tokens of a text, or estimates them with an error bar.
 * INVARIANT: linear in the length of the text in the worst case, runs of one character included.
 */
export interface TokenCounter {
  /** For example `estimate` or `tiktoken/o200k_base`. */
  readonly name: string;
  /** The true count is at most `count × (1 + errorRatio)`; 0 for an exact counter. */
  readonly errorRatio: number;
  /** Resolves when counting can begin. Called before the first count; a counter that needs no loading resolves at once. */
  load(): Promise<void>;
  /** Tokens of one text, without any framing. */
  countText(text: string): number;
}
