import { LociError, ModelError } from '@loci/core';
import {
  type Decision,
  decisions,
  type Failure,
  isConnectionLoss,
  isObject,
  type MapErrorOptions,
  malformed,
  mapFailure,
  readText,
} from '@loci/core/provider';
import { classify } from './classify-error.js';
import { readRequestId } from './request-id.js';
import { createKeyScrub, hideOpaque } from './scrub.js';

type Fields = Readonly<Record<string, unknown>>;

/**
 * Any error of an AI SDK model, thrown or inside a stream, as a `ModelError`. Decides by the fields of the error and by
 * its name, never by its class, so that a second copy of the AI SDK makes no difference. Errors of Loci stay as they are,
 * also where `toAiSdk` made them an `APICallError`. Without `scrub`, what looks like a key is taken out; without `provider`,
 * messages say 'The model'.
 *
 * INVARIANT: the result holds no raw error of the AI SDK, whose properties hold the request, headers and the answer.
 */
export function mapError(error: unknown, options: MapErrorOptions = {}): LociError {
  const { scrub = createKeyScrub(), provider = 'The model' } = options;
  const chain = chainOf(error);
  const found: Fields = typeof error === 'string' ? { message: error } : (chain[0] ?? {});
  const headers = found['responseHeaders'];
  const requestId = readRequestId(headers) ?? options.requestId;
  const bare = toBare(chain);

  const read = (): Failure | ModelError | undefined => {
    const status = typeof found['statusCode'] === 'number' ? found['statusCode'] : undefined;
    const message = readText(found['message']) ?? '';
    // Scrubbed first: half a key, or half a form of it, is not found.
    const hide = (text: string) => hideOpaque(scrub(text));
    if (status === undefined || status < 400) {
      if (isConnectionLoss(bare)) return undefined;
      const names = chain.map(({ name }) => String(name));
      if (names.some((name) => unreadable.test(name))) return malformed('the provider could not read it');
      const known = names.find((name) => Object.hasOwn(byErrorName, name));
      const decision = known === undefined ? undefined : byErrorName[known];
      if (decision) return new ModelError(`${provider}: ${hide(message).slice(0, 500)}`, decision);
      // A provider throws classes of errors; what it read in a stream is a plain object, or a text.
      if (error instanceof Error) return undefined;
    }
    const { code, type } = readBody(found);
    return {
      status,
      code: code && hide(code),
      type: type && hide(type),
      text: hide(message),
      headers,
      decision: classify({ status, code, type, text: message }),
    };
  };
  const own = chain.find((cause) => LociError.isInstance(cause));
  return mapFailure(own ?? bare, { ...options, scrub, provider, requestId }, read);
}

/** The answer was no JSON, or not of the expected form. These errors hold it in full. */
const unreadable =
  /^AI_(?:JSONParse|TypeValidation|InvalidResponseData|NoContentGenerated|EmptyResponseBody)Error$/;

const { auth, connection, invalid, noModel, timeout } = decisions;

const byErrorName: Readonly<Record<string, Decision>> = {
  // Of the model's own clock and signals, not of the caller's.
  TimeoutError: timeout,
  AbortError: connection,
  AI_LoadAPIKeyError: auth,
  AI_LoadSettingError: auth,
  AI_NoSuchModelError: noModel,
  AI_UnsupportedFunctionalityError: invalid,
  AI_InvalidArgumentError: invalid,
  AI_InvalidPromptError: invalid,
};

/** The vendor's code and type, in the forms in which vendors send them. */
function readBody(error: Fields): Pick<Failure, 'code' | 'type'> {
  const data = error['data'] ?? parse(error['responseBody']);
  const body = isObject(data) ? data : {};
  const inner = isObject(body['error']) ? body['error'] : body;
  const details = isObject(inner['details']) ? inner['details'] : {};
  return {
    code: [details['error_code'], inner['code'], error['code'], inner['status']].find(isName),
    type: [inner['type'], error['type']].find(isName),
  };
}

/** Numbers are no names: some vendors repeat the status as a code. */
function isName(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function parse(text: unknown): unknown {
  try {
    return typeof text === 'string' ? JSON.parse(text) : undefined;
  } catch {
    return undefined;
  }
}

/** An error and its causes without their messages, which may repeat headers, and so the key; a lost connection is known all the same. */
function toBare([first, ...causes]: readonly Fields[]): Fields | undefined {
  if (!first) return undefined;
  const { name, code } = first;
  const isLost =
    /^(?:terminated|fetch failed|failed to fetch|other side closed)$/i.test(String(first['message'])) ||
    /^Connection(?:Refused|Closed)$/.test(String(code));
  return { name, code, ...(isLost && { message: 'fetch failed' }), cause: toBare(causes) };
}

function chainOf(error: unknown): Fields[] {
  const chain: Fields[] = [];
  for (let cause = error; isObject(cause) && chain.length < 6; cause = cause['cause']) chain.push(cause);
  return chain;
}
