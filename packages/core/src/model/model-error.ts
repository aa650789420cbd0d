import { hasCode, LociError } from '../errors/loci-error.js';
import type { Message } from '../message/message.js';
import type { ErrorKind, ModelErrorData, Usage } from './model.js';

/** The one error of a model call. Decide by `kind`, `scope` and `retry`; the vendor's words are in `message` and `cause`. */
export class ModelError extends LociError implements ModelErrorData {
  declare readonly kind: ErrorKind;
  declare readonly scope: ModelErrorData['scope'];
  declare readonly retry: ModelErrorData['retry'];
  declare readonly retryAfterMs?: number;
  declare readonly status?: number;
  declare readonly providerCode?: string;
  declare readonly requestId?: string;
  declare readonly partial?: Message;
  declare readonly usage?: Usage;

  constructor(message: string, data: ModelErrorData, cause?: unknown) {
    super('MODEL', message, cause);
    Object.assign(this, data);
  }

  static override isInstance(error: unknown): error is ModelError {
    return hasCode(error, 'MODEL');
  }

  /** The same error with more of its story, for example what had been received. */
  with(data: Partial<ModelErrorData>): ModelError {
    return copyWith(this, data);
  }
}

// Outside the class: a class that names itself is renamed when it is bundled, and stack traces would show it.
function copyWith(error: ModelError, data: Partial<ModelErrorData>): ModelError {
  // Message, cause and stack of an error are not among what is spread.
  const copy = new ModelError(error.message, { ...error, ...data }, error.cause);
  if (error.stack) copy.stack = error.stack;
  return copy;
}
