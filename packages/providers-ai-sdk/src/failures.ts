import { ModelError, type ModelErrorData, type Usage } from '@loci/core';

/** An answer that is not what the AI SDK documents, or that its provider could not read. */
export function malformed(reason: string, requestId?: string): ModelError {
  return failure(`The answer is malformed: ${reason}.`, 'malformed', requestId);
}

/** An answer without its end. */
export function truncated(requestId?: string, usage?: Usage | null): ModelError {
  const error = failure('The answer ended without a finish reason of the vendor.', 'truncated', requestId);
  return usage ? error.with({ usage }) : error;
}

function failure(message: string, kind: ModelErrorData['kind'], requestId: string | undefined): ModelError {
  const id = requestId === undefined ? {} : { requestId };
  return new ModelError(message, { kind, scope: 'model', retry: 'other', ...id });
}
