import { ModelError, type ModelErrorData } from '@loci/core';

/** A stream or body that is not what the vendor documents. */
export function malformed(reason: string, requestId?: string): ModelError {
  return failure(`The answer is malformed: ${reason}.`, 'malformed', requestId);
}

/** An answer without `message_stop`. */
export function truncated(requestId?: string): ModelError {
  return failure('The answer ended without `message_stop` and a stop reason.', 'truncated', requestId);
}

/** A success in name only: status 200 with a page or nothing in place of an answer. */
export function notAnAnswer(contentType: string, requestId?: string): ModelError {
  return failure(
    `The endpoint answered 200 with ${contentType || 'no content type'} in place of a message. Check the base URL.`,
    'server',
    requestId,
    { scope: 'provider', retry: 'same', status: 200 },
  );
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
