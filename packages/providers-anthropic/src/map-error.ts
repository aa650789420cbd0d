import type { LociError } from '@loci/core';
import {
  createScrub,
  type Failure,
  isAnswered,
  isObject,
  type MapErrorOptions,
  mapFailure,
  readText,
} from '@loci/core/provider';
import { classify } from './classify-error.js';
import { vendor } from './settings.js';

/**
 * Any error of the vendor's client as a `ModelError`. Decides by the fields of the error (status, code, type), never by
 * its class, so that a second copy of the client makes no difference. Errors of Loci stay as they are.
 *
 * INVARIANT: the result holds no raw error of the client, whose properties hold the request and the key.
 */
export function mapError(error: unknown, options: MapErrorOptions = {}): LociError {
  const { name: provider, keyPattern } = vendor;
  return mapFailure(error, { provider, scrub: createScrub([], keyPattern), ...options }, readAnswer);
}

function readAnswer(error: Readonly<Record<string, unknown>>): Failure | undefined {
  if (!isAnswered(error)) return undefined;
  // The body is `{ type: 'error', error: { type, message, details } }`.
  const body = isObject(error['error']) ? error['error'] : {};
  const inner = isObject(body['error']) ? body['error'] : body;
  const details = isObject(inner['details']) ? inner['details'] : {};
  const said = {
    status: typeof error['status'] === 'number' ? error['status'] : undefined,
    // The stable name of the cause; most failures have none.
    code: readText(details['error_code']),
    type: readText(error['type']) ?? readText(inner['type']),
    text: readText(inner['message']) ?? readText(error['error']) ?? readText(error['message']) ?? '',
  };
  return {
    ...said,
    decision: classify(said),
    requestId: readText(error['requestID']),
    headers: error['headers'],
  };
}
