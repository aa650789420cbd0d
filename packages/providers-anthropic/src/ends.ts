import type { ModelError } from '@loci/core';
import { truncated } from '@loci/core/provider';

/** An answer without `message_stop`, or without a reason for its end. */
export function cutOff(): ModelError {
  return truncated('`message_stop` and a stop reason');
}
