import type { ModelError } from '@loci/core';
import { truncated } from '@loci/core/provider';

/** An answer without a reason for its end. */
export function cutOff(): ModelError {
  return truncated('a stop reason');
}
