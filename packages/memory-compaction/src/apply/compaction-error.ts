import { type Key, LociError, showKey } from '@loci/core';
import { reasonOf } from './reason-of.js';

/** Thrown by `compact` where it could not do what was asked. The view is as it was. */
export class CompactionError extends LociError {
  /**
   * `summariser`: it failed or its answers could not be used, see `cause`; `stale`: somebody else shaped the thread
   * meanwhile; `pending`: the store only queues.
   */
  readonly reason: 'summariser' | 'stale' | 'pending';

  constructor(reason: CompactionError['reason'], key: Key, cause?: unknown) {
    super('COMPACTION', `${showKey(key)} was not compacted: ${whatToDo(cause)[reason]}`, cause);
    this.reason = reason;
  }

  static override isInstance(error: unknown): error is CompactionError {
    return LociError.isInstance(error) && error.code === 'COMPACTION';
  }
}

function whatToDo(cause: unknown): Record<CompactionError['reason'], string> {
  const why = cause === undefined ? '' : ` (${reasonOf(cause)})`;
  return {
    summariser: `the summariser failed${why}. Try again later, or with another summaryModel.`,
    stale: 'somebody else compacted, cleared or redacted it meanwhile. Look at it again.',
    pending: 'its store is not reachable and only queues. Try again when it is back.',
  };
}
