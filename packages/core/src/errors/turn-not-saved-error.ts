import type { ChatResponse } from '../model/model.js';
import { hasCode, LociError } from './loci-error.js';

/** Thrown when the model answered but the turn could not be stored. The answer is in `response`; the thread does not have it. */
export class TurnNotSavedError extends LociError {
  readonly turnId: string;
  readonly response: ChatResponse;

  constructor(turnId: string, response: ChatResponse, cause: unknown) {
    super(
      'TURN_NOT_SAVED',
      'The model answered, but the turn could not be stored. The answer is in `response`; see `cause`.',
      cause,
    );
    this.turnId = turnId;
    this.response = response;
  }

  static override isInstance(error: unknown): error is TurnNotSavedError {
    return hasCode(error, 'TURN_NOT_SAVED');
  }
}
