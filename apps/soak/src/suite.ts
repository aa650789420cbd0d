/** A long proof. It throws at the first thing that does not hold. */
export interface Suite {
  readonly name: string;
  /** What it proves, in one sentence. */
  readonly proves: string;
  /** How many rounds the full proof takes. */
  readonly rounds: number;
  /** Resolves what was counted, for the page of results. */
  run(context: SuiteContext): Promise<readonly Count[]>;
}

interface SuiteContext {
  readonly rounds: number;
  readonly seed: number;
  /** Called after each round. */
  readonly progress: (round: number) => void;
  readonly signal: AbortSignal;
}

interface Count {
  readonly what: string;
  readonly count: number;
}

/** Evenly spread numbers from 0 to 1, the same for the same seed (mulberry32). */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
