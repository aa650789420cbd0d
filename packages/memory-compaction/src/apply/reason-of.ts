import { LociError, ModelError } from '@loci/core';
import { SummaryRefusedError } from '../summarise/summary-refused-error.js';

/** Why a summariser failed, in one word and without a word of what it said. */
export function reasonOf(error: unknown): string {
  if (SummaryRefusedError.isInstance(error)) return error.reason;
  if (ModelError.isInstance(error)) return error.kind;
  return LociError.isInstance(error) ? error.code : 'unknown';
}
