import { type Clock, LociError, ModelError, type ModelErrorData, systemClock } from '@loci/core';
import { classify } from './classify-error.js';
import { decision, malformed, notAnAnswer } from './failures.js';
import { readVendorWords } from './read-vendor-words.js';
import { parseRetryAfter, readRequestId } from './retry-after.js';
import { createScrub, type Scrub } from './scrub.js';

export interface MapErrorOptions {
  /** Takes secrets out of the vendor's words. @default takes out nothing: the vendor's keys have no form of their own */
  readonly scrub?: Scrub;
  readonly clock?: Clock;
  /** @default 'mistral' */
  readonly provider?: string;
  readonly requestId?: string;
  /** The status that the server answered, for errors of the client that do not say it. */
  readonly status?: number;
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
  const { scrub = createScrub([]), clock = systemClock, provider = 'mistral' } = options;
  const found = isObject(error) ? error : {};
  const { headers, statusCode } = found;
  const named = readRequestId(headers) ?? options.requestId;
  const withId = (failure: ModelError, id = named) =>
    id === undefined || failure.requestId !== undefined ? failure : failure.with({ requestId: scrub(id) });
  if (LociError.isInstance(error)) return ModelError.isInstance(error) ? withId(error) : error;
  // Invalid JSON in a 422 leaves the client with a bare SyntaxError.
  const unread = error instanceof SyntaxError && (options.status ?? 0) >= 400;
  const status = typeof statusCode === 'number' ? statusCode : unread ? options.status : undefined;
  if (status === 200) return withId(notAnAnswer(String(found['contentType'] ?? '')));
  if (status !== undefined || options.inBand !== undefined) {
    const said = readVendorWords(status === undefined ? options.inBand : found['body']);
    const { text, code, type } = said;
    const retryAfterMs = parseRetryAfter(headers, clock.now());
    const providerCode = code ?? type;
    const data: ModelErrorData = {
      ...classify({ status: status ?? said.status, code, type, text }),
      ...(retryAfterMs !== undefined && { retryAfterMs }),
      ...(status !== undefined && { status }),
      ...(providerCode !== undefined && { providerCode: scrub(providerCode) }),
    };
    const where = status === undefined ? 'failed inside its answer' : `answered ${status}`;
    const message = `${provider} ${where}: ${text.slice(0, 500) || 'no reason was given'}`;
    return withId(new ModelError(scrub(message), data), named ?? said.requestId);
  }
  const name = String(found['name']);
  if (name === 'SDKValidationError') {
    return new ModelError(
      `The SDK refused the request before it was sent: check ${placesOf(found['cause'])}.`,
      decision('invalid-request', 'request', 'none'),
    );
  }
  if (name === 'ZodError') return withId(malformed('a chunk is not what the vendor documents'));
  if (error instanceof SyntaxError) return withId(malformed('an event is not JSON'));
  const [message, taken] = isConnectionLoss(error)
    ? chainOf(error).some((cause) => /TIMEOUT|TimeoutError/.test(`${cause['code']} ${cause['name']}`))
      ? [`The connection to ${provider} timed out.`, decision('timeout', 'model', 'other')]
      : [`The connection to ${provider} failed or was lost.`, decision('connection', 'provider', 'same')]
    : [
        `The call of ${provider} failed in an unexpected way; see \`cause\`.`,
        decision('malformed', 'model', 'other'),
      ];
  return withId(new ModelError(message, taken, toSafeCause(error, scrub)));
}

/** True for an error of the network: nothing that a server said. */
export function isConnectionLoss(error: unknown): boolean {
  if (!isObject(error) || typeof error['statusCode'] === 'number' || LociError.isInstance(error))
    return false;
  return chainOf(error).some((cause) => {
    const code = typeof cause['code'] === 'string' ? cause['code'] : '';
    return (
      /^(?:E[A-Z_]+|UND_ERR_\w+|HPE_\w+)$/.test(code) ||
      /^(?:terminated|fetch failed|other side closed)$/.test(String(cause['message'])) ||
      /^(?:ConnectionError|RequestTimeoutError)$/.test(String(cause['name']))
    );
  });
}

/** Which fields a refusal of the client's own is about; their values are not shown. */
function placesOf(cause: unknown): string {
  const issues = isObject(cause) && Array.isArray(cause['issues']) ? (cause['issues'] as unknown[]) : [];
  const places = issues.flatMap((issue) =>
    isObject(issue) && Array.isArray(issue['path']) ? [issue['path'].join('.')] : [],
  );
  return places.slice(0, 3).join(', ') || '`request.vendor`';
}

/** The story of an error in a few words of its own, without the properties that hold the request. */
function toSafeCause(error: unknown, scrub: Scrub): Error | undefined {
  const chain = chainOf(error);
  if (chain.length === 0) return undefined;
  const story = chain.map((cause) =>
    ['name', 'message', 'code']
      .map((field) => (cause[field] ? String(cause[field]) : ''))
      .filter(Boolean)
      .join(' '),
  );
  return new Error(scrub(story.join(' ← ').slice(0, 500)));
}

function chainOf(error: unknown): Readonly<Record<string, unknown>>[] {
  const chain: Readonly<Record<string, unknown>>[] = [];
  for (let cause = error; isObject(cause) && chain.length < 6; cause = cause['cause']) chain.push(cause);
  return chain;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
