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

/** A success in name only: status 200 with a page in place of an answer. */
export function notAnAnswer(requestId?: string): ModelError {
  const message =
    'The endpoint answered 200 with a page in place of an answer. Check the base URL of the model.';
  return failure(message, 'server', requestId, { scope: 'provider', retry: 'same', status: 200 });
}

function failure(
  message: string,
  kind: ModelErrorData['kind'],
  requestId: string | undefined,
  data: Partial<ModelErrorData> = {},
): ModelError {
  const id = requestId === undefined ? {} : { requestId };
  return new ModelError(message, { kind, scope: 'model', retry: 'other', ...data, ...id });
}
