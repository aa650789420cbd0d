import { ModelError } from '@loci/core';

/** A stream or body that is not what the vendor documents. */
export function malformed(reason: string, requestId?: string): ModelError {
  return new ModelError(`The answer is malformed: ${reason}.`, {
    kind: 'malformed',
    scope: 'model',
    retry: 'other',
    ...(requestId !== undefined && { requestId }),
  });
}

/** An answer without `message_stop`. */
export function truncated(requestId?: string): ModelError {
  return new ModelError(
    'The answer ended without its end marker (`message_stop`, with a stop_reason before).',
    {
      kind: 'truncated',
      scope: 'model',
      retry: 'other',
      ...(requestId !== undefined && { requestId }),
    },
  );
}

/** A success in name only: status 200 with a page or nothing in place of an answer. */
export function notAnAnswer(contentType: string, requestId?: string): ModelError {
  return new ModelError(
    `The endpoint answered 200 with ${contentType || 'no content type'} in place of a message. Check the base URL.`,
    {
      kind: 'server',
      scope: 'provider',
      retry: 'same',
      status: 200,
      ...(requestId !== undefined && { requestId }),
    },
  );
}
