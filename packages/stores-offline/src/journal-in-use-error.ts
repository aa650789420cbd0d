import { LociError } from '@loci/core';

/** Thrown while another process, or another store of this one, uses the journal. Nothing was read or written. */
export class JournalInUseError extends LociError {
  /** Epoch milliseconds when its lease ends, where it is not renewed. */
  readonly until: number;

  constructor(until: number) {
    super(
      'JOURNAL_IN_USE',
      'Another process uses this journal. Give each process a journal of its own, or try again when that one has closed its store or its lease has ended.',
    );
    this.until = until;
  }

  static override isInstance(error: unknown): error is JournalInUseError {
    return LociError.isInstance(error) && error.code === 'JOURNAL_IN_USE';
  }
}
