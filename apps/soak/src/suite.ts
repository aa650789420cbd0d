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
