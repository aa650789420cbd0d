/** What a server asked for, in milliseconds from `now`: seconds or an HTTP date. Kept however long it is. */
export function parseRetryAfter(headers: unknown, now: number): number | undefined {
  const text = readHeader(headers, 'retry-after');
  if (text === undefined) return undefined;
  const seconds = Number(text);
  if (seconds >= 0) return seconds * 1000;
  // `Date.parse` takes a bare number for a year.
  const date = /[a-z]/i.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

/** The vendor has no field for the id of a request; it and its gateway name it in headers. */
export function readRequestId(headers: unknown): string | undefined {
  return readHeader(headers, 'mistral-correlation-id') ?? readHeader(headers, 'x-kong-request-id');
}

/** A header of a `Headers`; an empty one counts as none. */
function readHeader(headers: unknown, name: string): string | undefined {
  if (!(headers instanceof Headers)) return undefined;
  return headers.get(name)?.trim() || undefined;
}
