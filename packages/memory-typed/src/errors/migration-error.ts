import { type Key, LociError, showKey } from '@loci/core';

/**
 * Thrown when a value cannot be brought to another schema version. What is stored was not changed; the other records
 * can still be read.
 */
export class MigrationError extends LociError {
  readonly key: Key;
  /** The step that failed: from this version … */
  readonly from: number;
  /** … to that one. */
  readonly to: number;
  readonly reason: string;

  constructor(
    key: Key,
    step: { readonly from: number; readonly to: number },
    reason: string,
    cause?: unknown,
  ) {
    super(
      'MIGRATION',
      `The migration of ${showKey(key)} from version ${step.from} to ${step.to} failed: ${reason}. Nothing was changed; correct the step and read again.`,
      cause,
    );
    this.key = key;
    this.from = step.from;
    this.to = step.to;
    this.reason = reason;
  }

  static override isInstance(error: unknown): error is MigrationError {
    return LociError.isInstance(error) && error.code === 'MIGRATION';
  }
}
