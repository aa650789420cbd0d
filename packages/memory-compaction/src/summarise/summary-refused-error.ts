import { LociError } from '@loci/core';

/** An answer of the summariser could not be used, also after a reminder. The view is as it was. */
export class SummaryRefusedError extends LociError {
  /** Why, for example `empty`, `echo` or `cut-off`. */
  readonly reason: string;

  constructor(reason: string) {
    super(
      'SUMMARY_REFUSED',
      `The summariser's answer could not be used (${reason}). Nothing was changed; give it another model or a larger summaryMaxTokens.`,
    );
    this.reason = reason;
  }

  static override isInstance(error: unknown): error is SummaryRefusedError {
    return LociError.isInstance(error) && error.code === 'SUMMARY_REFUSED';
  }
}
