import { type Clock, systemClock } from '@loci/core';
import { checkMs } from './check-option.js';
import { type Counters, count, createCounters, mergeCounters } from './counters.js';
import { type Tracked, viewOf } from './model-view.js';
import type { AttemptOutcome, ModelStatistics, Statistics } from './statistics.js';

export interface StatisticsOptions {
  /** After it a recent attempt weighs half. Milliseconds, more than 0. @default 60_000 */
  readonly halfLifeMs?: number;
  /** @default systemClock */
  readonly clock?: Clock;
}

interface Entry extends Tracked {
  readonly view: ModelStatistics;
}

/**
 * Statistics per model. Their size depends on the number of models and not on the number of calls.
 * Throws `InvalidInputError` for an option that cannot be used.
 *
 * @example
 * const statistics = createStatistics();
 * console.log(printStatistics(statistics.snapshot()));
 */
export function createStatistics(options: StatisticsOptions = {}): Statistics {
  const { halfLifeMs = 60_000, clock = systemClock } = options;
  checkMs(halfLifeMs, 'halfLifeMs');
  const entries = new Map<string, Entry>();
  const listeners = new Set<(outcome: AttemptOutcome) => void>();
  let ownSince = clock.now();
  let othersSince = Number.POSITIVE_INFINITY;

  function entryOf(id: string): Entry {
    const found = entries.get(id);
    if (found) return found;
    const tracked: Tracked = { inFlight: 0, own: createCounters(), others: undefined };
    const entry = Object.assign(tracked, { view: viewOf(id, tracked, clock.now, halfLifeMs) });
    entries.set(id, entry);
    return entry;
  }

  return Object.freeze<Statistics>({
    begin(id) {
      entryOf(id).inFlight += 1;
    },
    record(outcome) {
      const entry = entryOf(outcome.id);
      entry.inFlight = Math.max(0, entry.inFlight - 1);
      count(entry.own, outcome, halfLifeMs);
      for (const listener of listeners) {
        try {
          listener(outcome);
        } catch {
          // Watching a call must not be able to fail it.
        }
      }
    },
    of: (id) => entryOf(id).view,
    snapshot: () => ({
      since: Math.min(ownSince, othersSince),
      at: clock.now(),
      models: Array.from(entries.values(), ({ view }) => ({ ...view })),
    }),
    subscribe(listener) {
      // A function of its own, so that one listener can subscribe twice.
      const call = (outcome: AttemptOutcome) => listener(outcome);
      listeners.add(call);
      return () => void listeners.delete(call);
    },
    reset() {
      for (const entry of entries.values())
        Object.assign(entry, { own: createCounters(), others: undefined });
      ownSince = clock.now();
      othersSince = Number.POSITIVE_INFINITY;
    },
    tally() {
      const used = [...entries].filter(([, { own }]) => own.lastUsedAt !== null);
      return { since: ownSince, models: new Map(used.map(([id, { own }]) => [id, own])) };
    },
    add({ since, models }) {
      for (const [id, counters] of models) mergeCounters(entryOf(id).own, counters, halfLifeMs);
      ownSince = Math.min(ownSince, since);
    },
    adopt(tallies) {
      for (const entry of entries.values()) entry.others = undefined;
      othersSince = Math.min(...tallies.map(({ since }) => since));
      for (const { models } of tallies) for (const [id, counters] of models) addOthers(entryOf(id), counters);
    },
  });

  function addOthers(entry: Entry, counters: Counters): void {
    entry.others ??= createCounters();
    mergeCounters(entry.others, counters, halfLifeMs);
  }
}
