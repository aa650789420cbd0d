import { LociError } from '../errors/loci-error.js';

/** Whether an error is about one record. A store that is away, closed or asked wrongly is no damage of its records. */
export function isRecordFailure(error: unknown): error is LociError {
  return (
    LociError.isInstance(error) &&
    !['STORE_UNAVAILABLE', 'STORE_CLOSED', 'INVALID_INPUT', 'INVALID_KEY'].includes(error.code)
  );
}
