/** One measurement; rows of one `table` are shown together and have the same columns. */
export interface Row {
  readonly table: string;
  readonly [column: string]: string | number;
}

/** Something that has to hold: `value` is at most `limit`. */
export interface Check {
  readonly id: string;
  readonly value: number;
  readonly limit: number;
  /** `ratio` wherever a ratio can say it. */
  readonly unit: string;
}

export interface SuiteContext {
  /** A file of real text to count instead of text made here. */
  readonly data: string | undefined;
  /** Whether to install peers and measure them too. */
  readonly peers: boolean;
  /** Says what is being done now. */
  readonly progress: (what: string) => void;
}

export interface Suite {
  readonly name: string;
  /** What it measures, in one sentence. */
  readonly measures: string;
  run(context: SuiteContext): Promise<{ readonly rows: readonly Row[]; readonly checks: readonly Check[] }>;
}
