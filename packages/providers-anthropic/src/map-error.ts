import { type Clock, LociError, ModelError, type ModelErrorData, systemClock } from '@loci/core';
import { classify, type Failure } from './classify-error.js';
import { malformed } from './failures.js';
import { isObject } from './is-object.js';
import { parseRetryAfter } from './retry-after.js';
import { createScrub, type Scrub } from './scrub.js';

export interface MapErrorOptions {
  /** Takes secrets out of the vendor's words. @default removes what looks like one of the vendor's keys */
  readonly scrub?: Scrub;
  readonly clock?: Clock;
  /** @default 'anthropic' */
  readonly provider?: string;
  readonly requestId?: string;
}

/**
 * Any error of the vendor's client as a `ModelError`. Decides by the fields of the error (status, code, type), never by
 * its class, so that a second copy of the client makes no difference. Errors of Loci stay as they are.
 *
 * INVARIANT: the result holds no raw error of the client, whose properties hold the request and the key.
 */
export function mapError(error: unknown, options: MapErrorOptions = {}): LociError {
  if (LociError.isInstance(error)) return error;
  const { scrub = createScrub([]), clock = systemClock, provider = 'anthropic' } = options;
  if (error instanceof SyntaxError) return malformed('an event is not JSON', options.requestId);
  const found = isObject(error) ? error : {};
  if (isAnswered(found)) {
    const failure = readAnswer(found);
    const { status, code, type, text } = failure;
    const requestId = readText(found['requestID']) ?? options.requestId;
    const retryAfterMs = parseRetryAfter(found['headers'], clock.now());
    const providerCode = code ?? type;
    const data: ModelErrorData = {
      ...classify(failure),
      ...(retryAfterMs !== undefined && { retryAfterMs }),
      ...(status !== undefined && { status }),
      ...(providerCode !== undefined && { providerCode: scrub(providerCode) }),
      ...(requestId !== undefined && { requestId: scrub(requestId) }),
    };
    const where =
      status === undefined ? `${provider} failed inside its answer` : `${provider} answered ${status}`;
    return new ModelError(scrub(`${where}: ${text.slice(0, 500) || 'no reason was given'}`), data);
  }
  const requestId = options.requestId === undefined ? {} : { requestId: scrub(options.requestId) };
  if (isConnectionLoss(error)) {
    const timedOut = chainOf(error).some((cause) => /TIMEOUT|ETIMEDOUT/.test(readText(cause['code']) ?? ''));
    return new ModelError(
      `The connection to ${provider} ${timedOut ? 'timed out' : 'failed or was lost'}.`,
      timedOut
        ? { kind: 'timeout', scope: 'model', retry: 'other', ...requestId }
        : { kind: 'connection', scope: 'provider', retry: 'same', ...requestId },
      toSafeCause(error, scrub),
    );
  }
  return new ModelError(
    `The call of ${provider} failed in an unexpected way; see \`cause\`.`,
    { kind: 'malformed', scope: 'model', retry: 'other', ...requestId },
    toSafeCause(error, scrub),
  );
}

/** An error of the network: nothing that a server said. */
function isConnectionLoss(error: unknown): boolean {
  return chainOf(error).some((cause) => {
    const code = readText(cause['code']) ?? '';
    return (
      /^(?:E[A-Z_]+|UND_ERR_\w+|HPE_\w+)$/.test(code) ||
      /^(?:terminated|fetch failed|Connection error\.|other side closed)$/.test(String(cause['message']))
    );
  });
}

/** A server answered: there is a status, or the body of an error inside a stream. */
function isAnswered(error: Readonly<Record<string, unknown>>): boolean {
  return (
    typeof error['status'] === 'number' || (error['error'] !== undefined && error['headers'] !== undefined)
  );
}

function readAnswer(error: Readonly<Record<string, unknown>>): Failure {
  // The body is `{ type: 'error', error: { type, message, details } }`.
  const body = isObject(error['error']) ? error['error'] : {};
  const inner = isObject(body['error']) ? body['error'] : body;
  const details = isObject(inner['details']) ? inner['details'] : {};
  const status = typeof error['status'] === 'number' ? error['status'] : undefined;
  return {
    status,
    code: readText(details['error_code']),
    type: readText(error['type']) ?? readText(inner['type']),
    text: readText(inner['message']) ?? readText(error['error']) ?? readText(error['message']) ?? '',
  };
}

/** The story of an error in a few words of its own, without the properties that hold the request. */
function toSafeCause(error: unknown, scrub: Scrub): Error | undefined {
  const chain = chainOf(error);
  if (chain.length === 0) return undefined;
  const story = chain.map((cause) =>
    [readText(cause['name']), readText(cause['message']), readText(cause['code'])].filter(Boolean).join(' '),
  );
  return new Error(scrub(story.join(' ← ').slice(0, 500)));
}

function chainOf(error: unknown): Readonly<Record<string, unknown>>[] {
  const chain: Readonly<Record<string, unknown>>[] = [];
  for (let cause = error; isObject(cause) && chain.length < 5; cause = cause['cause']) chain.push(cause);
  return chain;
}

function readText(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
