import { ModelError } from '@loci/core';
import { decisions, truncated } from '@loci/core/provider';

/** An answer without a finish reason. */
export function cutOff(): ModelError {
  return truncated('a finish reason');
}

/** The finish reason `error`, by which the vendor ends an answer that failed, with status 200. */
export function failedInside(): ModelError {
  return new ModelError('The vendor ended the answer with an error.', {
    ...decisions.server,
    scope: 'model',
  });
}
