import type { ErrorKind, Usage } from '@loci/core';
import type { Money } from '@loci/prices';

/** One attempt at one model, as it ended. */
export interface AttemptOutcome {
  /** Of the candidate, as the route names it. */
  readonly id: string;
  /** `cancelled`: the router itself ended it, as the loser of a hedge. */
  readonly result: 'success' | 'cancelled' | ErrorKind;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly durationMs: number;
  /** Absent where no content came. */
  readonly firstContentMs?: number;
  /** Of failed attempts too, where the vendor said it. */
  readonly usage: Usage | null;
  /** `null` where usage or price is unknown. */
  readonly cost: Money | null;
}

export interface Distribution {
  readonly count: number;
  readonly mean: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

export interface ModelStatistics {
  readonly id: string;
  /** Attempts that began and have not ended. */
  readonly inFlight: number;
  readonly attempts: number;
  readonly successes: number;
  readonly cancelled: number;
  readonly failures: { readonly [kind in ErrorKind]?: number };
  /** Successes in successes and failures; `null` before the first. */
  readonly successRate: number | null;
  /** Milliseconds of successful attempts; `null` before the first. */
  readonly latency: Distribution | null;
  readonly firstContent: Distribution | null;
  readonly usage: Usage;
  readonly cost: Money;
  /** Attempts whose cost is not known and is not in `cost`. */
  readonly unpriced: number;
  readonly lastUsedAt: number | null;
  /** What strategies look at: decayed, so that an hour ago does not outvote the last minute. */
  readonly recent: {
    /** Of attempts that count for the model's health; `null` where nothing is left of them. */
    readonly successRate: number | null;
    /** Weight behind it, in attempts. */
    readonly weight: number;
    /** Peak-sensitive moving average, milliseconds. */
    readonly latency: number | null;
    readonly firstContent: number | null;
    /** Cache reads in all input tokens, 0–1. */
    readonly cacheHitRate: number | null;
  };
}

export interface StatisticsSnapshot {
  /** Epoch milliseconds. */
  readonly since: number;
  readonly at: number;
  readonly models: readonly ModelStatistics[];
}

/** Statistics of one router. Recording is synchronous and does no I/O. */
export interface Statistics {
  begin(id: string): void;
  record(outcome: AttemptOutcome): void;
  of(id: string): ModelStatistics;
  snapshot(): StatisticsSnapshot;
  /** Called after every recorded attempt; returns the function that ends it. */
  subscribe(listener: (outcome: AttemptOutcome) => void): () => void;
  reset(): void;
}
