import { type Clock, LociError, ModelError, type ModelErrorData, systemClock } from '@loci/core';
import { classify } from './classify-error.js';
import { malformed } from './failures.js';
import { parseRetryAfter } from './retry-after.js';
import { createScrub, type Scrub } from './scrub.js';

export interface MapErrorOptions {
  /** Takes secrets out of the vendor's words. @default removes what looks like one of the vendor's keys */
  readonly scrub?: Scrub;
  readonly clock?: Clock;
  /** @default 'openai' */
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
  const { scrub = createScrub([]), clock = systemClock, provider = 'openai' } = options;
  if (error instanceof SyntaxError) return malformed('an event is not JSON', options.requestId);
  const found = isObject(error) ? error : {};
  if (isAnswered(found)) {
    const { status, code, type, text } = readAnswer(found);
    const requestId = readText(found['requestID']) ?? options.requestId;
    const retryAfterMs = parseRetryAfter(found['headers'], clock.now());
    const providerCode = code ?? type;
    const data: ModelErrorData = {
      ...classify({ status, code, type, text }),
      ...(retryAfterMs !== undefined && { retryAfterMs }),
      ...(status !== undefined && { status }),
      ...(providerCode !== undefined && { providerCode: scrub(providerCode) }),
      ...(requestId !== undefined && { requestId: scrub(requestId) }),
    };
    const where =
      status === undefined ? `${provider} failed inside its answer` : `${provider} answered ${status}`;
    return new ModelError(scrub(`${where}: ${text.slice(0, 500) || 'no reason was given'}`), data);
  }
  if (isConnectionLoss(error)) {
    const timedOut = chainOf(error).some((cause) => /TIMEOUT|ETIMEDOUT/.test(readText(cause['code']) ?? ''));
    const data: ModelErrorData = timedOut
      ? { kind: 'timeout', scope: 'model', retry: 'other' }
      : { kind: 'connection', scope: 'provider', retry: 'same' };
    const withId = {
      ...data,
      ...(options.requestId !== undefined && { requestId: scrub(options.requestId) }),
    };
    return new ModelError(
      `The connection to ${provider} ${timedOut ? 'timed out' : 'failed or was lost'}.`,
      withId,
      toSafeCause(error, scrub),
    );
  }
  return new ModelError(
    `The call of ${provider} failed in an unexpected way; see \`cause\`.`,
    { kind: 'malformed', scope: 'model', retry: 'other' },
    toSafeCause(error, scrub),
  );
}

/** True for an error of the network: nothing that a server said. */
export function isConnectionLoss(error: unknown): boolean {
  if (!isObject(error) || isAnswered(error) || LociError.isInstance(error)) return false;
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

function readAnswer(error: Readonly<Record<string, unknown>>) {
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
  const text = readText(body['message']) ?? readText(error['error']) ?? readText(error['message']) ?? '';
  return { status, code, type: readText(error['type']) ?? readText(body['type']), text };
}

/** The story of an error in a few words of its own, without the properties that hold the request. */
function toSafeCause(error: unknown, scrub: Scrub): Error | undefined {
  const [outer, ...inner] = chainOf(error);
  if (!outer) return undefined;
  const story = [outer, ...inner].map((cause) =>
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
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
