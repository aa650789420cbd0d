import { APICallError } from '@ai-sdk/provider';
import { ModelError } from '@loci/core';

/**
 * Any error of a Loci model as the AI SDK expects it. A `ModelError` becomes an `APICallError` with the `ModelError` as its
 * cause: it is retryable where a retry at the same place can help, and says in a header how long to wait, so that the
 * AI SDK's own retries do the right thing. An abort of the caller becomes an `AbortError`. Other errors stay as they are.
 */
export function toAiSdkError(error: unknown, signal?: AbortSignal): unknown {
  if (!ModelError.isInstance(error)) return error;
  const { message, kind, scope, retry, status, retryAfterMs, requestId, providerCode } = error;
  if (kind === 'aborted' && signal?.aborted) return toAbortError(message, signal.reason);
  return new APICallError({
    message,
    // The AI SDK demands a URL and the request; a model of Loci may have had several, and shows none.
    url: '',
    requestBodyValues: undefined,
    ...(status !== undefined && { statusCode: status }),
    responseHeaders: {
      ...(retryAfterMs !== undefined && { 'retry-after-ms': String(retryAfterMs) }),
      ...(requestId !== undefined && { 'x-request-id': requestId }),
    },
    isRetryable: retry === 'same',
    data: { kind, scope, retry, ...(providerCode !== undefined && { code: providerCode }) },
    cause: error,
  });
}

/** The AI SDK knows an abort by the name of the error. */
function toAbortError(message: string, reason: unknown): Error {
  if (reason instanceof Error && /^(?:Abort|Timeout)Error$/.test(reason.name)) return reason;
  const error = new Error(message, { cause: reason });
  error.name = 'AbortError';
  return error;
}
