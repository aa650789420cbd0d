import { type Clock, systemClock } from '../clock.js';
import { LociError } from '../errors/loci-error.js';
import type { ModelErrorData } from '../model/model.js';
import { ModelError } from '../model/model-error.js';
import { type Decision, decisions, malformed, withRequestId } from './failures.js';
import { parseRetryAfter } from './headers.js';
import { createScrub, type Scrub } from './scrub.js';

export interface MapErrorOptions {
  /** Takes secrets out of the vendor's words. @default removes what looks like one of the vendor's keys */
  readonly scrub?: Scrub;
  /** @default the machine's own */
  readonly clock?: Clock;
  /** Name of the vendor in messages. @default the vendor's own name */
  readonly provider?: string;
  /** For errors that do not name their request. */
  readonly requestId?: string | undefined;
}

/** What a server said about a failure. */
export interface Failure {
  /** `undefined` where it failed inside its answer. */
  readonly status: number | undefined;
  readonly code: string | undefined;
  readonly type: string | undefined;
  /** Its words; may be empty. */
  readonly text: string;
  readonly requestId?: string | undefined;
  /** A `Headers` or a plain object, for how long to wait. */
  readonly headers?: unknown;
  /** How it is to be taken. */
  readonly decision: Decision;
}

/**
 * Any error of a vendor's client as a `ModelError`: what a server said, as `read` finds it in the error's fields;
 * otherwise what is wrong with the connection or the answer. Errors of Loci stay as they are, with the id of the request.
 *
 * INVARIANT: the result holds no raw error of the client, whose properties hold the request and the key.
 *
 * @param read Answers `undefined` where no server answered. It decides by fields (status, code, type) and never by class,
 * so that a second copy of the client makes no difference.
 */
export function mapFailure(
  error: unknown,
  {
    scrub = createScrub([]),
    clock = systemClock,
    provider,
    requestId,
  }: MapErrorOptions & { readonly provider: string },
  read: (error: Readonly<Record<string, unknown>>) => Failure | ModelError | undefined,
): LociError {
  const withId = (failure: ModelError, id = requestId) =>
    withRequestId(failure, id === undefined ? undefined : scrub(id));
  if (LociError.isInstance(error)) return ModelError.isInstance(error) ? withId(error) : error;
  const said = read(isAny(error) ? error : {});
  if (ModelError.isInstance(said)) return withId(said);
  if (said) {
    const { status, text, headers } = said;
    const retryAfterMs = parseRetryAfter(headers, clock.now());
    const providerCode = said.code ?? said.type;
    const data: ModelErrorData = {
      ...said.decision,
      ...(retryAfterMs !== undefined && { retryAfterMs }),
      ...(status !== undefined && { status }),
      ...(providerCode !== undefined && { providerCode: scrub(providerCode) }),
    };
    const where = status === undefined ? 'failed inside its answer' : `answered ${status}`;
    // First, because a secret that is cut in two would not be found any more.
    const words = scrub(text).slice(0, 500) || 'no reason was given';
    return withId(new ModelError(`${provider} ${where}: ${words}`, data), said.requestId ?? requestId);
  }
  if (error instanceof SyntaxError) return withId(malformed('an event is not JSON'));
  const [what, decision] = !isConnectionLoss(error)
    ? [`call of ${provider} failed in an unexpected way; see \`cause\``, decisions.malformed]
    : chainOf(error).some((cause) =>
          /TIMEOUT|TIMEDOUT|TimeoutError/.test(`${cause['code']} ${cause['name']}`),
        )
      ? [`connection to ${provider} timed out`, decisions.timeout]
      : [`connection to ${provider} failed or was lost`, decisions.connection];
  return withId(new ModelError(`The ${what}.`, decision, toSafeCause(error, scrub)));
}

/** True for an error of the network: nothing that a server said. */
export function isConnectionLoss(error: unknown): boolean {
  if (LociError.isInstance(error) || (isAny(error) && isAnswered(error))) return false;
  return chainOf(error).some(
    ({ code, message, name }) =>
      /^(?:E[A-Z_]+|UND_ERR_\w+|HPE_\w+)$/.test(readText(code) ?? '') ||
      /^(?:terminated|fetch failed|Connection error\.|other side closed)$/.test(String(message)) ||
      /^(?:ConnectionError|RequestTimeoutError)$/.test(String(name)),
  );
}

/** True for an error in which a server answered: it has a status, or the body of an error inside a stream. */
export function isAnswered({
  status,
  statusCode,
  error,
  headers,
}: Readonly<Record<string, unknown>>): boolean {
  return typeof (status ?? statusCode) === 'number' || (error !== undefined && headers !== undefined);
}

/** A text that is not empty, or a number as text. */
export function readText(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** The story of an error in a few words of its own, without the properties that hold the request. */
function toSafeCause(error: unknown, scrub: Scrub): Error | undefined {
  const chain = chainOf(error);
  if (chain.length === 0) return undefined;
  const story = chain.map(({ name, message, code }) =>
    [name, message, code].map(readText).filter(Boolean).join(' '),
  );
  return new Error(scrub(story.join(' ← ')).slice(0, 500));
}

function chainOf(error: unknown): Readonly<Record<string, unknown>>[] {
  const chain: Readonly<Record<string, unknown>>[] = [];
  for (let cause = error; isAny(cause) && chain.length < 6; cause = cause['cause']) chain.push(cause);
  return chain;
}

function isAny(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
