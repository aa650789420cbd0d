import type { ErrorKind } from '@loci/core';

/** Log-normal, as times of answers are: half are below the median, one in twenty is above `p95Ms`. */
export interface Spread {
  readonly medianMs: number;
  readonly p95Ms: number;
}

/** Failures that come in place of an answer. */
export type SimulatedRefusal = Exclude<ErrorKind, 'aborted' | 'deadline' | 'timeout' | 'truncated'>;

/**
 * `silent`: nothing comes until the call is given up. `cut`: the answer ends in the middle. `stall`: it stops in the
 * middle and stays open.
 */
export type SimulatedFault = SimulatedRefusal | 'silent' | 'cut' | 'stall';

/** How a vendor is from one moment to the next. What is absent is as in good times. */
export interface SimulatedPhase {
  /** From the beginning of the script, milliseconds; it holds until the next one begins. Ascending. */
  readonly fromMs: number;
  /** How many times longer answers take than in good times. @default 1 */
  readonly slowness?: number;
  /** Share of calls that fail, 0–1. @default 0 */
  readonly failing?: number;
  /** One of them is drawn for each call that fails. @default ['server'] */
  readonly faults?: readonly [SimulatedFault, ...SimulatedFault[]];
}

/** A vendor that exists only in a simulation. */
export interface SimulatedVendor {
  /** The `modelId`; unique. */
  readonly name: string;
  /** From the call to the end of the answer. */
  readonly latency: Spread;
  /** From the call to the first content. @default a third of the latency */
  readonly firstContent?: Spread;
  /** From the call to a refusal, milliseconds. @default 50 */
  readonly refusalMs?: number;
  /** @default good times all the time */
  readonly phases?: readonly SimulatedPhase[];
  /** The phases begin again after so many milliseconds. @default never */
  readonly repeatMs?: number;
  /** Picodollars per token. @default 0 */
  readonly price?: { readonly input: bigint; readonly output: bigint };
  /** Tokens; longer requests are refused. @default no limit */
  readonly contextWindow?: number;
  /** Calls at a time that it answers at its usual pace; with twice as many an answer takes twice as long. @default no limit */
  readonly pace?: number;
  /** Calls at a time; more are refused as `rate-limit` without a time. @default no limit */
  readonly capacity?: number;
  /** Calls in each window of `perMs`; more are refused as `rate-limit`, with the time that is left of the window. @default no limit */
  readonly rate?: { readonly calls: number; readonly perMs: number };
}

/** The phase at `ms` after the beginning of the simulation. */
export function phaseAt({ phases = [], repeatMs }: SimulatedVendor, ms: number): SimulatedPhase {
  const at = repeatMs === undefined ? ms : ms % repeatMs;
  return phases.findLast(({ fromMs }) => fromMs <= at) ?? { fromMs: 0 };
}
