import type { ErrorKind, Usage } from '@loci/core';
import type { Money } from '@loci/prices';
import type { Counters } from './counters.js';

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

/** Milliseconds. The mean is exact; percentiles are within 1 % of a value that occurred. */
export interface Distribution {
  readonly count: number;
  readonly mean: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

export interface ModelStatistics {
  readonly id: string;
  /** Attempts that began in this process and have not ended. */
  readonly inFlight: number;
  /** Attempts that ended: successes, failures and cancelled ones. */
  readonly attempts: number;
  readonly successes: number;
  readonly cancelled: number;
  readonly failures: { readonly [kind in ErrorKind]?: number };
  /**
   * Successes in successes and those failures that are the model's; `null` before the first. Not the model's are
   * `aborted`, `deadline`, `context-length`, `content-filter` and `invalid-request`.
   */
  readonly successRate: number | null;
  /** Of successful attempts; `null` before the first. */
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
    /** Peak-sensitive moving average of successful attempts, milliseconds; the last one known, however old. */
    readonly latency: number | null;
    readonly firstContent: number | null;
    /** Cache reads in all input tokens, 0–1; `null` where nothing is left of them. */
    readonly cacheHitRate: number | null;
  };
}

export interface StatisticsSnapshot {
  /** Epoch milliseconds. */
  readonly since: number;
  readonly at: number;
  readonly models: readonly ModelStatistics[];
}

/** Raw counts by model. `exportStatistics` of `@loci/router/share` makes JSON of them. */
export interface Tally {
  /** Epoch milliseconds. */
  readonly since: number;
  readonly models: ReadonlyMap<string, Counters>;
}

/** Statistics of one router. Recording is synchronous and does no I/O. */
export interface Statistics {
  begin(id: string): void;
  /** Ends one attempt that began. */
  record(outcome: AttemptOutcome): void;
  /** A live view, the same object for the same id: each property says how things are when it is read. */
  of(id: string): ModelStatistics;
  /** A copy that stays as it is, of every model that was used or looked at, in that order. */
  snapshot(): StatisticsSnapshot;
  /** Called after every attempt that is recorded here; what it throws is ignored. Returns the function that ends it. */
  subscribe(listener: (outcome: AttemptOutcome) => void): () => void;
  /** Forgets everything but the attempts in flight. */
  reset(): void;
  /** What was counted in this process, as it is now: read it at once, and change nothing. */
  tally(): Tally;
  /** Adds what was counted elsewhere, or before a restart, to what was counted here. */
  add(tally: Tally): void;
  /** Shows these counts beside what was counted here, in place of those of the last call. They are not in `tally`. */
  adopt(tallies: readonly Tally[]): void;
}
