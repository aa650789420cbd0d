import { hasCode, LociError } from '../errors/loci-error.js';

/**
 * Thrown by `restoreStore` when the backup reads differently the second time. What came before that line is restored;
 * nothing of it or after it was written.
 */
export class BackupChangedError extends LociError {
  /** Line of the second reading, from 1. */
  readonly line: number;

  constructor(line: number, cause?: unknown) {
    super(
      'BACKUP_CHANGED',
      `Line ${line} of the backup is not what it was when the backup was checked. The lines before it are restored; restore an unchanged copy with onExisting: 'skip'.`,
      cause,
    );
    this.line = line;
  }

  static override isInstance(error: unknown): error is BackupChangedError {
    return hasCode(error, 'BACKUP_CHANGED');
  }
}
