export type Row = { readonly [column: string]: unknown };
export type Value = string | number | boolean | null | readonly (string | number)[];

/** Runs one statement of a transaction. */
export type Run = (text: string, values?: readonly Value[]) => Promise<readonly Row[]>;

/** What the rest of this package asks of PostgreSQL, whichever way it is reached. Errors are those of the driver. */
export interface Backend {
  /** Whether every write announces itself, because a listener cannot be told from the writers. */
  readonly alwaysNotify: boolean;
  /** Runs one statement, which is a transaction of its own. When `end` is aborted it is given up, with its connection. */
  query(text: string, values: readonly Value[], end: AbortSignal): Promise<readonly Row[]>;
  /** Runs `work` in one transaction. */
  transaction<T>(work: (run: Run) => Promise<T>, end: AbortSignal): Promise<T>;
  /**
   * Listens to a channel until `end` is aborted or the connection is lost. `prepare` runs on the connection that listens,
   * after it has begun to. Resolves with what resolves when the connection is lost.
   */
  listen(listening: Listening): Promise<{ readonly lost: Promise<unknown> }>;
  /** Closes what was opened here. */
  close(): Promise<void>;
}

export interface Listening {
  readonly channel: string;
  readonly prepare: readonly string[];
  readonly onMessage: (payload: string) => void;
  readonly end: AbortSignal;
}
