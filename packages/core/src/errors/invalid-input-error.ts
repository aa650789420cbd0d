import { hasCode, LociError } from './loci-error.js';

/** Thrown when an option, message, entry or value given by the caller is not what the contract asks for. Nothing was done. */
export class InvalidInputError extends LociError {
  /** Where, for example `messages[2].content[0].text`. */
  readonly path: string;
  readonly reason: string;

  constructor(path: string, reason: string) {
    super('INVALID_INPUT', `${path}: ${reason}. Nothing was done; correct it and call again.`);
    this.path = path;
    this.reason = reason;
  }

  static override isInstance(error: unknown): error is InvalidInputError {
    return hasCode(error, 'INVALID_INPUT');
  }
}
