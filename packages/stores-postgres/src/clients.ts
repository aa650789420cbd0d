/** What answers one statement. */
export interface PostgresQuerying {
  query(text: string, values?: unknown[]): Promise<{ readonly rows: readonly unknown[] }>;
}

/** What is called of a connection of a pool. */
export interface PostgresPoolClient extends PostgresQuerying {
  on(event: 'notification', listener: (message: PostgresNotification) => void): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
  on(event: 'end', listener: () => void): unknown;
  off(event: 'error', listener: (error: Error) => void): unknown;
  /** With `true`, the connection is closed and not used again. */
  release(destroy?: boolean): void;
}

export interface PostgresNotification {
  readonly channel: string;
  readonly payload?: string | undefined;
}

/** What is called of a pool. A `Pool` of the `pg` package is one. */
export interface PostgresPool {
  connect(): Promise<PostgresPoolClient>;
}

/** What is called of an embedded PostgreSQL. A `PGlite` is one. */
export interface EmbeddedPostgres extends PostgresQuerying {
  transaction<T>(work: (transaction: PostgresQuerying) => Promise<T>): Promise<T>;
  /** Resolves with what ends it. */
  listen(channel: string, listener: (payload: string) => void): Promise<() => Promise<void>>;
}
