import type { CallOptions } from '@loci/core';

/** One request that comes to the model under test. Times are milliseconds. */
export interface SimulatedArrival {
  readonly atMs: number;
  /** @default 50 */
  readonly inputTokens?: number;
  /** @default 50 */
  readonly outputTokens?: number;
  /** From its arrival. @default none */
  readonly deadlineMs?: number;
  /** When its caller gives up, from its arrival. @default never */
  readonly abortMs?: number;
  /** Read as a stream, or asked for as a whole. @default true */
  readonly streamed?: boolean;
  /** Of a stream. @default none */
  readonly accepts?: CallOptions['accepts'];
}

/** Moments at which requests come independently of each other: a Poisson process. Ascending milliseconds from `fromMs`. */
export function poissonMoments(
  random: () => number,
  {
    count,
    meanGapMs,
    fromMs = 0,
  }: { readonly count: number; readonly meanGapMs: number; readonly fromMs?: number },
): readonly number[] {
  let at = fromMs;
  return Array.from({ length: count }, () => {
    // `random` may answer 0, but never 1, whose logarithm is infinite.
    at -= Math.log(1 - random()) * meanGapMs;
    return Math.round(at);
  });
}
