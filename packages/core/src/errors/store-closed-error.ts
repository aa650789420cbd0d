import { hasCode, LociError } from './loci-error.js';

/** Thrown by every operation on a store after `close()`. Nothing was done. */
export class StoreClosedError extends LociError {
  constructor() {
    super('STORE_CLOSED', 'The store is closed. Create a new one to go on.');
  }

  static override isInstance(error: unknown): error is StoreClosedError {
    return hasCode(error, 'STORE_CLOSED');
  }
}
