import { type Clock, LociError, ModelError, type ModelErrorData, systemClock } from '@loci/core';
import { classify, type Decision, decision } from './classify-error.js';
import { malformed } from './failures.js';
import { isObject } from './json.js';
import { parseRetryAfter, readRequestId } from './retry-after.js';
import { createScrub, type Scrub, scrubWords } from './scrub.js';

export interface MapErrorOptions {
  /** Takes secrets out of the server's words. @default removes what looks like a key */
  readonly scrub?: Scrub;
  readonly clock?: Clock;
  /** Name of the vendor in messages. @default 'The model' */
  readonly provider?: string;
  readonly requestId?: string;
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * Any error of an AI SDK model, thrown or inside a stream, as a `ModelError`. Decides by the fields of the error and by
 * its name, never by its class, so that a second copy of the AI SDK makes no difference. Errors of Loci stay as they are,
 * also where `toAiSdk` made them an `APICallError`.
 *
 * INVARIANT: the result holds no raw error of the AI SDK, whose properties hold the request, headers and the answer.
 */
export function mapError(error: unknown, options: MapErrorOptions = {}): LociError {
  const { scrub = createScrub(), clock = systemClock, provider = 'The model' } = options;
  const chain = chainOf(error);
  const own = chain.find((cause) => LociError.isInstance(cause));
  if (LociError.isInstance(own)) return own;
  const found: Fields = typeof error === 'string' ? { message: error } : (chain[0] ?? {});
  const headers = isObject(found['responseHeaders']) ? found['responseHeaders'] : {};
  const status = typeof found['statusCode'] === 'number' ? found['statusCode'] : undefined;
  const requestId = readRequestId(headers) ?? options.requestId;
  const retryAfterMs = parseRetryAfter(headers, clock.now());
  const shared = {
    ...(requestId !== undefined && { requestId: scrub(requestId) }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  };
  const refused = status !== undefined && status >= 400;
  if (!refused && isConnectionLoss(chain)) {
    const timedOut = chain.some((cause) => /TIMEOUT|ETIMEDOUT/.test(readText(cause['code']) ?? ''));
    return new ModelError(
      `The connection to ${provider} ${timedOut ? 'timed out' : 'failed or was lost'}.`,
      {
        ...(timedOut ? decision('timeout', 'model', 'other') : decision('connection', 'provider', 'same')),
        ...shared,
      },
      toSafeCause(chain),
    );
  }
  if (!refused && chain.some((cause) => unreadable.test(nameOf(cause))))
    return malformed('the provider could not read it', shared.requestId);
  const known = chain.map(nameOf).find((name) => Object.hasOwn(byErrorName, name));
  // Cut off behind the scrubbing: half a key is not found.
  const text = scrubWords(readText(found['message']) ?? '', scrub).slice(0, 500);
  if (known !== undefined && !refused)
    return new ModelError(`${provider}: ${text}`, { ...(byErrorName[known] ?? unexpected), ...shared });
  // A provider throws classes of errors; what it read in a stream is a plain object, or a text.
  if (!refused && error instanceof Error)
    return new ModelError(
      `The call of ${provider} failed in an unexpected way; see \`cause\`.`,
      { ...unexpected, ...shared },
      toSafeCause(chain),
    );
  const { code, type } = readBody(found);
  const providerCode = code ?? type;
  const data: ModelErrorData = {
    ...classify({ status, code, type, text: readText(found['message']) ?? '' }),
    ...shared,
    ...(status !== undefined && { status }),
    ...(providerCode !== undefined && { providerCode: scrubWords(providerCode, scrub) }),
  };
  const where = status === undefined ? 'failed inside its answer' : `answered ${status}`;
  return new ModelError(`${provider} ${where}: ${text || 'no reason was given'}`, data);
}

/** The answer was no JSON, or not of the expected form. These errors hold it in full. */
const unreadable =
  /^AI_(?:JSONParse|TypeValidation|InvalidResponseData|NoContentGenerated|EmptyResponseBody)Error$/;

const unexpected = decision('malformed', 'model', 'other');

const byErrorName: Readonly<Record<string, Decision>> = {
  // Of the model's own clock and signals, not of the caller's.
  TimeoutError: decision('timeout', 'model', 'other'),
  AbortError: decision('connection', 'provider', 'same'),
  AI_LoadAPIKeyError: decision('auth', 'credential', 'other'),
  AI_LoadSettingError: decision('auth', 'credential', 'other'),
  AI_NoSuchModelError: decision('not-found', 'model', 'other'),
  AI_UnsupportedFunctionalityError: decision('invalid-request', 'request', 'none'),
  AI_InvalidArgumentError: decision('invalid-request', 'request', 'none'),
  AI_InvalidPromptError: decision('invalid-request', 'request', 'none'),
};

/** An error of the network: nothing that a server said. */
function isConnectionLoss(chain: readonly Fields[]): boolean {
  return chain.some(
    (cause) =>
      /^(?:E[A-Z_]+|UND_ERR_\w+|HPE_\w+|Connection(?:Refused|Closed))$/.test(readText(cause['code']) ?? '') ||
      /^(?:terminated|fetch failed|failed to fetch|other side closed)$/i.test(String(cause['message'])),
  );
}

/** The vendor's code and type, in the forms in which vendors send them. */
function readBody(error: Fields): { readonly code: string | undefined; readonly type: string | undefined } {
  const data = error['data'] ?? parse(error['responseBody']);
  const body = isObject(data) ? data : {};
  const inner = isObject(body['error']) ? body['error'] : body;
  const details = isObject(inner['details']) ? inner['details'] : {};
  return {
    code:
      readText(details['error_code']) ??
      readText(inner['code']) ??
      readText(error['code']) ??
      readText(inner['status']),
    type: readText(inner['type']) ?? readText(error['type']),
  };
}

function parse(text: unknown): unknown {
  try {
    return typeof text === 'string' ? JSON.parse(text) : undefined;
  } catch {
    return undefined;
  }
}

/** The names and codes of an error and its causes. Their messages may repeat headers, and so the key. */
function toSafeCause(chain: readonly Fields[]): Error {
  const story = chain.map((cause) => [nameOf(cause), readText(cause['code'])].filter(Boolean).join(' '));
  return new Error(story.join(' ← ') || 'a value that is no error');
}

function chainOf(error: unknown): Fields[] {
  const chain: Fields[] = [];
  for (let cause = error; isObject(cause) && chain.length < 6; cause = cause['cause']) chain.push(cause);
  return chain;
}

function nameOf(error: Fields): string {
  return readText(error['name']) ?? '';
}

function readText(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
