import { type LociError, ModelError } from '@loci/core';
import {
  type MapErrorOptions as AnyMapErrorOptions,
  decisions,
  type Failure,
  isAnswered,
  isObject,
  malformed,
  mapFailure,
  notAnAnswer,
  readHeader,
} from '@loci/core/provider';
import { classify } from './classify-error.js';
import { readVendorWords } from './read-vendor-words.js';
import { vendor } from './settings.js';

export interface MapErrorOptions extends AnyMapErrorOptions {
  /** The status that the server answered, for errors of the client that do not say it. */
  readonly status?: number | undefined;
  /** An error that the server reported inside its stream, which the client's own error does not tell. */
  readonly inBand?: unknown;
}

/**
 * Any error of the vendor's client as a `ModelError`. Decides by the fields of the error (status, body), never by its
 * class, so that a second copy of the client makes no difference. Errors of Loci stay as they are.
 *
 * INVARIANT: the result holds no raw error of the client, whose properties hold the request and the key.
 */
export function mapError(error: unknown, options: MapErrorOptions = {}): LociError {
  return mapFailure(error, { provider: vendor.name, ...options }, (found) => readAnswer(found, options));
}

/** The vendor has no field for the id of a request; it and its gateway name it in headers. */
export function readRequestId(headers: unknown): string | undefined {
  return readHeader(headers, 'mistral-correlation-id') ?? readHeader(headers, 'x-kong-request-id');
}

function readAnswer(
  error: Readonly<Record<string, unknown>>,
  { status: known = 0, inBand, requestId }: MapErrorOptions,
): Failure | ModelError | undefined {
  const { headers, statusCode, name } = error;
  // Invalid JSON in a 422 leaves the client with a bare SyntaxError.
  const unread = error instanceof SyntaxError && known >= 400;
  const status = isAnswered(error) ? Number(statusCode) : unread ? known : undefined;
  if (status === 200) return notAnAnswer(String(error['contentType'] ?? ''));
  if (status !== undefined || inBand !== undefined) {
    const said = readVendorWords(status === undefined ? inBand : error['body']);
    const { text, code, type } = said;
    return {
      status,
      code,
      type,
      text,
      headers,
      decision: classify({ status: status ?? said.status, code, type, text }),
      requestId: readRequestId(headers) ?? requestId ?? said.requestId,
    };
  }
  if (name === 'ZodError') return malformed('a chunk is not what the vendor documents');
  if (name !== 'SDKValidationError') return undefined;
  return new ModelError(
    `The SDK refused the request before it was sent: check ${placesOf(error['cause'])}.`,
    decisions.invalid,
  );
}

/** Which fields a refusal of the client's own is about; their values are not shown. */
function placesOf(cause: unknown): string {
  const issues = isObject(cause) && Array.isArray(cause['issues']) ? (cause['issues'] as unknown[]) : [];
  const places = issues.flatMap((issue) =>
    isObject(issue) && Array.isArray(issue['path']) ? [issue['path'].join('.')] : [],
  );
  return places.slice(0, 3).join(', ') || '`request.vendor`';
}
