import type { ModelErrorData } from '../model/model.js';
import { ModelError } from '../model/model-error.js';

/** How a failure is to be taken. */
export type Decision = Pick<ModelErrorData, 'kind' | 'scope' | 'retry'>;

const take = (kind: Decision['kind'], scope: Decision['scope'], retry: Decision['retry']): Decision => ({
  kind,
  scope,
  retry,
});

/** How the failures that every vendor has are to be taken. */
export const decisions = {
  quota: take('quota', 'credential', 'other'),
  rateLimit: take('rate-limit', 'model', 'same'),
  overloaded: take('overloaded', 'provider', 'same'),
  server: take('server', 'provider', 'same'),
  auth: take('auth', 'credential', 'other'),
  /** The vendor does not have the model, or not for this key. */
  noModel: take('not-found', 'model', 'other'),
  /** The server does not have the path: the base URL is wrong. */
  noPath: take('not-found', 'provider', 'other'),
  contextLength: take('context-length', 'request', 'other'),
  contentFilter: take('content-filter', 'request', 'other'),
  invalid: take('invalid-request', 'request', 'none'),
  timeout: take('timeout', 'model', 'other'),
  connection: take('connection', 'provider', 'same'),
  malformed: take('malformed', 'model', 'other'),
  truncated: take('truncated', 'model', 'other'),
} as const;

const byStatus: Readonly<Record<number, Decision>> = {
  401: decisions.auth,
  402: decisions.quota,
  403: decisions.auth,
  404: decisions.noPath,
  408: decisions.timeout,
  409: decisions.server,
  413: decisions.contextLength,
  429: decisions.rateLimit,
  503: decisions.overloaded,
  529: decisions.overloaded,
};

/** How an HTTP status is to be taken where the vendor says nothing more. */
export function decideByStatus(status: number): Decision {
  return byStatus[status] ?? (status >= 500 ? decisions.server : decisions.invalid);
}

/** A stream or body that is not what the vendor documents. */
export function malformed(reason: string): ModelError {
  return new ModelError(`The answer is malformed: ${reason}.`, decisions.malformed);
}

/** An answer without the vendor's end marker, which is named for the message. */
export function truncated(marker: string): ModelError {
  return new ModelError(`The answer ended without ${marker}.`, decisions.truncated);
}

/** A success in name only: status 200 with a page or nothing in place of an answer. */
export function notAnAnswer(contentType: string): ModelError {
  return new ModelError(
    `The endpoint answered 200 with ${contentType || 'no content type'} in place of an answer. Check the base URL.`,
    { ...decisions.server, status: 200 },
  );
}

/** The error with the id of its request, where that is known and the error has none. */
export function withRequestId(error: ModelError, requestId: string | undefined): ModelError {
  return requestId === undefined || error.requestId !== undefined ? error : error.with({ requestId });
}
