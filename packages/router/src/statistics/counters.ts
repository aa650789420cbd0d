import type { ErrorKind, Usage } from '@loci/core';
import type { Money } from '@loci/prices';
import { createRecent, decay, leftOf, mergeRecent, movePeak, type Recent, raisePeak } from './recent.js';
import { addTo, createSketch, mergeSketch, type Sketch } from './sketch.js';
import type { AttemptOutcome } from './statistics.js';

/** What is counted of one model. Its size does not grow with the calls. */
export interface Counters {
  successes: number;
  cancelled: number;
  readonly failures: Map<ErrorKind, number>;
  readonly latency: Sketch;
  readonly firstContent: Sketch;
  readonly usage: { -readonly [field in keyof Usage]-?: number };
  cost: Money;
  unpriced: number;
  lastUsedAt: number | null;
  readonly recent: Recent;
}

/** Failures that lie with the request or the caller: they say nothing about the model. */
const notTheModel: ReadonlySet<string> = new Set<ErrorKind>([
  'aborted',
  'deadline',
  'context-length',
  'content-filter',
  'invalid-request',
]);

/** Whether an attempt that ended like this says something about the model's health. */
export function countsForHealth(result: AttemptOutcome['result']): boolean {
  return result !== 'cancelled' && !notTheModel.has(result);
}

export function createCounters(): Counters {
  return {
    successes: 0,
    cancelled: 0,
    failures: new Map(),
    latency: createSketch(),
    firstContent: createSketch(),
    usage: { input: 0, cacheRead: 0, cacheWrite: 0, cacheWriteLong: 0, output: 0, reasoning: 0 },
    cost: 0n,
    unpriced: 0,
    lastUsedAt: null,
    recent: createRecent(),
  };
}

export function count(counters: Counters, outcome: AttemptOutcome, halfLifeMs: number): void {
  const { result, durationMs, firstContentMs, usage, cost } = outcome;
  const endedAt = outcome.startedAt + durationMs;
  counters.lastUsedAt = Math.max(counters.lastUsedAt ?? 0, endedAt);
  if (cost === null) counters.unpriced += 1;
  else counters.cost += cost;
  if (usage) addUsage(counters.usage, usage);
  if (result === 'success') {
    counters.successes += 1;
    addTo(counters.latency, durationMs);
    if (firstContentMs !== undefined) addTo(counters.firstContent, firstContentMs);
  } else if (result === 'cancelled') counters.cancelled += 1;
  else counters.failures.set(result, (counters.failures.get(result) ?? 0) + 1);
  countRecent(counters.recent, outcome, endedAt, halfLifeMs);
}

function countRecent(recent: Recent, outcome: AttemptOutcome, now: number, halfLifeMs: number): void {
  const { result, durationMs, firstContentMs, usage } = outcome;
  decay(recent, now, halfLifeMs);
  // Less than 1 where this one ended before one that was recorded first.
  const share = leftOf(now, recent.at, halfLifeMs);
  if (countsForHealth(result)) recent.weight += share;
  if (result === 'success') {
    recent.good += share;
    recent.latency = movePeak(recent.latency, durationMs, now, halfLifeMs);
    if (usage) {
      recent.input += usage.input * share;
      recent.cacheRead += usage.cacheRead * share;
    }
  } else if (result === 'timeout' || result === 'cancelled')
    recent.latency = raisePeak(recent.latency, durationMs, now);
  if (firstContentMs !== undefined)
    recent.firstContent = movePeak(recent.firstContent, firstContentMs, now, halfLifeMs);
}

/** Adding is commutative: the totals do not depend on the order of the processes. */
export function mergeCounters(into: Counters, from: Counters, halfLifeMs: number): void {
  into.successes += from.successes;
  into.cancelled += from.cancelled;
  for (const [kind, failures] of from.failures)
    into.failures.set(kind, (into.failures.get(kind) ?? 0) + failures);
  mergeSketch(into.latency, from.latency);
  mergeSketch(into.firstContent, from.firstContent);
  addUsage(into.usage, from.usage);
  into.cost += from.cost;
  into.unpriced += from.unpriced;
  if (from.lastUsedAt !== null) into.lastUsedAt = Math.max(into.lastUsedAt ?? 0, from.lastUsedAt);
  mergeRecent(into.recent, from.recent, halfLifeMs);
}

function addUsage(into: Counters['usage'], usage: Usage): void {
  into.input += usage.input;
  into.cacheRead += usage.cacheRead;
  into.cacheWrite += usage.cacheWrite;
  into.cacheWriteLong += usage.cacheWriteLong ?? 0;
  into.output += usage.output;
  into.reasoning += usage.reasoning;
}
