import { hasCode, LociError } from '../errors/loci-error.js';
import type { RecordName } from './backup-format.js';

/** Thrown by `restoreStore` when the store already has records of the backup. Nothing was written. */
export class RecordsExistError extends LociError {
  /** How many there are. */
  readonly count: number;
  /** The first ten of them. */
  readonly records: readonly RecordName[];

  constructor(count: number, records: readonly RecordName[]) {
    super(
      'RECORDS_EXIST',
      `The store already has ${count} of the records in the backup. Nothing was written; restore into an empty store, or set onExisting to 'skip' or 'replace'.`,
    );
    this.count = count;
    this.records = records;
  }

  static override isInstance(error: unknown): error is RecordsExistError {
    return hasCode(error, 'RECORDS_EXIST');
  }
}
