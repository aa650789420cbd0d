import type { ErrorKind } from '@loci/core';

/** One call of a vendor, as the vendor saw it. Times are milliseconds from the beginning of the simulation. */
export interface SimulatedAttempt {
  readonly vendor: string;
  readonly startedAt: number;
  readonly endedAt: number;
  /** `aborted`: whoever asked gave it up. */
  readonly result: 'success' | ErrorKind;
  /** Picodollars: of an answer, and of the part of one that was cut or given up; a refusal costs nothing. */
  readonly cost: bigint;
}

/** One request, as its caller saw it. */
export interface SimulatedRequest {
  /** Of the arrivals, from 0. */
  readonly number: number;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly outcome: 'success' | ErrorKind;
  /** How often it ended: finishes and failures together. */
  readonly ends: number;
  readonly answeredBy: string | undefined;
  /** From its arrival; absent where no content came, and of an answer that was asked for as a whole. */
  readonly firstContentMs: number | undefined;
  readonly attempts: readonly SimulatedAttempt[];
}

export interface SimulationReport {
  /** In the order of the arrivals. */
  readonly requests: readonly SimulatedRequest[];
  /** When the last thing ended. */
  readonly endedAt: number;
}

export function costOf({ attempts }: SimulatedRequest): bigint {
  return attempts.reduce((sum, { cost }) => sum + cost, 0n);
}
