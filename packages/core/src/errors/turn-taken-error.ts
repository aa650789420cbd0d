import { hasCode, LociError } from './loci-error.js';

/** Thrown when a turn cannot be continued here: another owner holds its lease, or it has already ended. */
export class TurnTakenError extends LociError {
  readonly turnId: string;
  readonly reason: 'leased' | 'ended' | 'unknown';

  constructor(turnId: string, reason: 'leased' | 'ended' | 'unknown') {
    const why = {
      leased: 'another process runs it; try again when its lease has run out',
      ended: 'it has already ended; begin a new turn',
      unknown: 'no open turn made these calls; begin a new turn',
    }[reason];
    super('TURN_TAKEN', `The turn cannot be continued: ${why}.`);
    this.turnId = turnId;
    this.reason = reason;
  }

  static override isInstance(error: unknown): error is TurnTakenError {
    return hasCode(error, 'TURN_TAKEN');
  }
}
