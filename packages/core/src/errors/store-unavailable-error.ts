import { hasCode, LociError } from './loci-error.js';

/**
 * Thrown when the backend of a store cannot be reached, is full, or did not answer. A write that was under way may
 * have been applied: repeat it with the same operation id or entry ids and it is applied once.
 */
export class StoreUnavailableError extends LociError {
  constructor(reason: string, cause?: unknown) {
    super('STORE_UNAVAILABLE', `The store cannot be used now: ${reason}. Repeat the same call later.`, cause);
  }

  static override isInstance(error: unknown): error is StoreUnavailableError {
    return hasCode(error, 'STORE_UNAVAILABLE');
  }
}
