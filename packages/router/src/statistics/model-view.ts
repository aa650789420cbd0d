import type { ErrorKind } from '@loci/core';
import { type Counters, countsForHealth, createCounters, mergeCounters } from './counters.js';
import { readRecent } from './recent.js';
import { quantilesOf, type Sketch } from './sketch.js';
import type { Distribution, ModelStatistics } from './statistics.js';

/** What the view looks at; the parts are replaced when other processes report or the statistics are reset. */
export interface Tracked {
  inFlight: number;
  own: Counters;
  /** What other processes counted. */
  others: Counters | undefined;
}

/** The statistics of one model as they are when a property is read; a copy holds them still. */
export function viewOf(id: string, tracked: Tracked, now: () => number, halfLifeMs: number): ModelStatistics {
  const total = (): Counters => {
    if (!tracked.others) return tracked.own;
    const sum = createCounters();
    mergeCounters(sum, tracked.own, halfLifeMs);
    mergeCounters(sum, tracked.others, halfLifeMs);
    return sum;
  };
  return {
    id,
    get inFlight() {
      return tracked.inFlight;
    },
    get attempts() {
      const { successes, cancelled, failures } = total();
      return successes + cancelled + sumOf(failures, () => true);
    },
    get successes() {
      return total().successes;
    },
    get cancelled() {
      return total().cancelled;
    },
    get failures() {
      return Object.fromEntries(total().failures);
    },
    get successRate() {
      const { successes, failures } = total();
      const counted = successes + sumOf(failures, countsForHealth);
      return counted === 0 ? null : successes / counted;
    },
    get latency() {
      return distributionOf(total().latency);
    },
    get firstContent() {
      return distributionOf(total().firstContent);
    },
    get usage() {
      return { ...total().usage };
    },
    get cost() {
      return total().cost;
    },
    get unpriced() {
      return total().unpriced;
    },
    get lastUsedAt() {
      // Asked for with every request, so without adding everything up.
      const { own, others } = tracked;
      return others?.lastUsedAt == null ? own.lastUsedAt : Math.max(own.lastUsedAt ?? 0, others.lastUsedAt);
    },
    get recent() {
      return readRecent(tracked.own.recent, tracked.others?.recent, now(), halfLifeMs);
    },
  };
}

function sumOf(failures: ReadonlyMap<ErrorKind, number>, counts: (kind: ErrorKind) => boolean): number {
  let sum = 0;
  for (const [kind, failed] of failures) if (counts(kind)) sum += failed;
  return sum;
}

function distributionOf(sketch: Sketch): Distribution | null {
  if (sketch.count === 0) return null;
  const [p50 = 0, p95 = 0, p99 = 0] = quantilesOf(sketch, [0.5, 0.95, 0.99]);
  return { count: sketch.count, mean: sketch.sum / sketch.count, p50, p95, p99 };
}
