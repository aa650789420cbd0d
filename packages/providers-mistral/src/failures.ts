import { ModelError, type ModelErrorData } from '@loci/core';

/** How a failure is to be taken. */
export type Decision = Pick<ModelErrorData, 'kind' | 'scope' | 'retry'>;

export function decision(
  kind: Decision['kind'],
  scope: Decision['scope'],
  retry: Decision['retry'],
): Decision {
  return { kind, scope, retry };
}

/** A stream or body that is not what the vendor documents. */
export function malformed(reason: string): ModelError {
  return new ModelError(`The answer is malformed: ${reason}.`, decision('malformed', 'model', 'other'));
}

/** An answer without a finish reason. */
export function truncated(): ModelError {
  return new ModelError('The answer ended without a finish reason.', decision('truncated', 'model', 'other'));
}

/** The finish reason `error`, by which the vendor ends an answer that failed, with status 200. */
export function failedInside(): ModelError {
  return new ModelError('The vendor ended the answer with an error.', decision('server', 'model', 'same'));
}

/** A success in name only: status 200 with a page or nothing in place of an answer. */
export function notAnAnswer(contentType: string): ModelError {
  return new ModelError(
    `The endpoint answered 200 with ${contentType || 'no content type'} in place of a chat completion. Check the base URL.`,
    { ...decision('server', 'provider', 'same'), status: 200 },
  );
}
