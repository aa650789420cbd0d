import { hasCode, LociError } from './loci-error.js';

/** Thrown before anything is read or written when a key is not 1–16 segments of 0–512 bytes of well-formed UTF-8. */
export class InvalidKeyError extends LociError {
  constructor(reason: string) {
    super(
      'INVALID_KEY',
      `This key cannot be used: ${reason}. A key is 1–16 strings of 0–512 UTF-8 bytes each.`,
    );
  }

  static override isInstance(error: unknown): error is InvalidKeyError {
    return hasCode(error, 'INVALID_KEY');
  }
}
