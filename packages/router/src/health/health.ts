/** What one process knows of a model's health. Times are epoch milliseconds. */
export interface HealthRecord {
  readonly id: string;
  readonly breaker: 'closed' | 'open' | 'half-open';
  /** Until then the model is not asked (breaker, cooldown or quarantine, whichever is last). */
  readonly until: number;
  readonly reason: string;
  /** When this was learnt: of two records the later one holds. */
  readonly at: number;
}

/** The health of all models of a router, as others may read it and add to it. */
export interface SharedHealth {
  records(): readonly HealthRecord[];
  /** Takes what another process learnt. A record never shortens what this process learnt itself later. */
  adopt(records: readonly HealthRecord[]): void;
  /** Called with each change that began here; returns the function that ends it. */
  subscribe(listener: (record: HealthRecord) => void): () => void;
}
