import { hasCode, LociError } from './loci-error.js';

/** Thrown when an imported file is not what an export writes. Nothing was imported. */
export class InvalidImportError extends LociError {
  /** Line of the file, from 1. */
  readonly line: number;
  readonly reason: string;

  constructor(line: number, reason: string) {
    super(
      'INVALID_IMPORT',
      `Line ${line}: ${reason}. Nothing was imported; mend the file and import it again.`,
    );
    this.line = line;
    this.reason = reason;
  }

  static override isInstance(error: unknown): error is InvalidImportError {
    return hasCode(error, 'INVALID_IMPORT');
  }
}
