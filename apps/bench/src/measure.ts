/** The one in the middle; of an even number the mean of the two. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  if (sorted.length % 2 === 1) return sorted[half] ?? Number.NaN;
  return ((sorted[half - 1] ?? Number.NaN) + (sorted[half] ?? Number.NaN)) / 2;
}

/** Something to measure: runs once and answers what it took, in milliseconds unless it says otherwise. */
export type Probe = () => number | Promise<number>;

/**
 * Runs all probes by turns, so that whatever else the machine does meets all of them, and answers what each took in each
 * round. One more round comes first, warms up and does not count.
 */
export async function alternate<K extends string | number>(
  probes: Readonly<Record<K, Probe>>,
  rounds: number,
): Promise<Record<K, number[]>> {
  const names = Object.keys(probes) as K[];
  const taken = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<K, number[]>;
  for (let round = 0; round <= rounds; round++) {
    for (const name of names) {
      const value = await probes[name]();
      if (round > 0) taken[name].push(value);
    }
  }
  return taken;
}

/** How many times `other` each value is, round by round; the median of that, so that a slow minute falls out. */
export function medianRatio(values: readonly number[], others: readonly number[]): number {
  return median(values.map((value, round) => value / (others[round] ?? Number.NaN)));
}

/** Milliseconds that a call takes. */
export function time(run: () => unknown): number {
  const start = performance.now();
  run();
  return performance.now() - start;
}
