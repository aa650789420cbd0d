import { hasCode, LociError } from '../errors/loci-error.js';
import type { Message } from '../message/message.js';
import type { ErrorKind, ModelErrorData, Usage } from './model.js';

/** The one error of a model call. Decide by `kind`, `scope` and `retry`; the vendor's words are in `message` and `cause`. */
export class ModelError extends LociError implements ModelErrorData {
  readonly kind: ErrorKind;
  readonly scope: ModelErrorData['scope'];
  readonly retry: ModelErrorData['retry'];
  declare readonly retryAfterMs?: number;
  declare readonly status?: number;
  declare readonly providerCode?: string;
  declare readonly requestId?: string;
  declare readonly partial?: Message;
  declare readonly usage?: Usage;

  constructor(message: string, data: ModelErrorData, cause?: unknown) {
    super('MODEL', message, cause);
    this.kind = data.kind;
    this.scope = data.scope;
    this.retry = data.retry;
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
  const { message, cause, kind, scope, retry, stack } = error;
  const { retryAfterMs, status, providerCode, requestId, partial, usage } = error;
  const known = { retryAfterMs, status, providerCode, requestId, partial, usage };
  const present = Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined));
  const copy = new ModelError(message, { kind, scope, retry, ...present, ...data }, cause);
  if (stack) copy.stack = stack;
  return copy;
}
