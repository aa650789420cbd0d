import type { JsonValue } from '@loci/core';
import type { Counters } from './counters.js';
import { fromJson } from './counters-json.js';
import type { Sketch } from './sketch.js';
import type { Tally } from './statistics.js';

/**
 * What the same process counted from one export to a later one. The recent figures are those of the later one: they
 * forget by themselves.
 */
export function subtractExports(later: JsonValue, earlier: JsonValue | undefined): Tally {
  const rest = fromJson(later, 'later');
  if (earlier === undefined) return rest;
  const before = fromJson(earlier, 'earlier').models;
  for (const [id, counters] of rest.models) {
    const counted = before.get(id);
    if (counted) subtract(counters, counted);
  }
  return rest;
}

function subtract(from: Counters, counted: Counters): void {
  // A reset between the two leaves less than there was before.
  const left = (later: number, earlier: number) => Math.max(0, later - earlier);
  from.successes = left(from.successes, counted.successes);
  from.cancelled = left(from.cancelled, counted.cancelled);
  from.unpriced = left(from.unpriced, counted.unpriced);
  from.cost = from.cost > counted.cost ? from.cost - counted.cost : 0n;
  subtractCounts(from.failures, counted.failures);
  subtractSketch(from.latency, counted.latency);
  subtractSketch(from.firstContent, counted.firstContent);
  for (const field of Object.keys(from.usage) as (keyof Counters['usage'])[])
    from.usage[field] = left(from.usage[field], counted.usage[field]);
}

function subtractSketch(from: Sketch, counted: Sketch): void {
  subtractCounts(from.bins, counted.bins);
  from.count = [...from.bins.values()].reduce((sum, count) => sum + count, 0);
  from.sum = Math.max(0, from.sum - counted.sum);
}

function subtractCounts<K>(from: Map<K, number>, counted: ReadonlyMap<K, number>): void {
  for (const [name, count] of counted) {
    const left = (from.get(name) ?? 0) - count;
    if (left > 0) from.set(name, left);
    else from.delete(name);
  }
}
