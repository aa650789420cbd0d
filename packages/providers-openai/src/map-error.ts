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
  const body = isObject(error['error']) ? error['error'] : {};
  const code = readText(error['code']) ?? readText(body['code']);
  // Gateways put the status of the model behind them into the code.
  const inBand = Number(code ?? body['status'] ?? Number.NaN);
  const status =
    typeof error['status'] === 'number'
      ? error['status']
      : inBand >= 400 && inBand < 600
        ? inBand
        : undefined;
  const said = {
    status,
    code,
    type: readText(error['type']) ?? readText(body['type']),
    text: readText(body['message']) ?? readText(error['error']) ?? readText(error['message']) ?? '',
  };
  return {
    ...said,
    decision: classify(said),
    requestId: readText(error['requestID']),
    headers: error['headers'],
  };
}
