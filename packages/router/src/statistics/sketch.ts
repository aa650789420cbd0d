/**
 * A quantile sketch with a relative error: DDSketch of Masson, Rim and Lee (PVLDB 12(12), 2019,
 * doi:10.14778/3352063.3352135). Values fall into bins whose bounds grow by a fixed factor, so two sketches merge by
 * adding their bins, in any order and without loss, and the memory is that of at most 1,152 bins.
 */
export interface Sketch {
  readonly bins: Map<number, number>;
  count: number;
  sum: number;
}

/** A p95 of 1,000 ms is between 990 and 1,010. */
const relativeError = 0.01;
const growth = (1 + relativeError) / (1 - relativeError);
const perLog = 1 / Math.log(growth);
/** From 10 µs to 28 hours; what is outside counts as the bound. */
export const bounds = { lowest: 0.01, highest: 1e8 };

export function createSketch(): Sketch {
  return { bins: new Map(), count: 0, sum: 0 };
}

/** Milliseconds. */
export function addTo(sketch: Sketch, value: number): void {
  const bin = binOf(value);
  sketch.bins.set(bin, (sketch.bins.get(bin) ?? 0) + 1);
  sketch.count += 1;
  sketch.sum += Math.max(value, 0);
}

export function mergeSketch(into: Sketch, from: Sketch): void {
  for (const [bin, count] of from.bins) into.bins.set(bin, (into.bins.get(bin) ?? 0) + count);
  into.count += from.count;
  into.sum += from.sum;
}

/** Values at the quantiles, which must ascend (0–1); the sketch must not be empty. */
export function quantilesOf(sketch: Sketch, quantiles: readonly number[]): readonly number[] {
  const bins = [...sketch.bins].sort(([a], [b]) => a - b);
  let index = 0;
  let below = 0;
  return quantiles.map((quantile) => {
    const rank = quantile * (sketch.count - 1);
    for (; index < bins.length - 1; index++) {
      const count = bins[index]?.[1] ?? 0;
      if (below + count > rank) break;
      below += count;
    }
    return (2 * growth ** (bins[index]?.[0] ?? 0)) / (growth + 1);
  });
}

export function binOf(value: number): number {
  const inside = value > bounds.lowest ? Math.min(value, bounds.highest) : bounds.lowest;
  return Math.ceil(Math.log(inside) * perLog);
}
