/** What a server asked for, in milliseconds from `now`: `retry-after-ms`, seconds or an HTTP date. Kept however long it is. */
export function parseRetryAfter(headers: Readonly<Record<string, unknown>>, now: number): number | undefined {
  const milliseconds = Number(readHeader(headers, 'retry-after-ms') ?? Number.NaN);
  if (milliseconds >= 0) return milliseconds;
  const text = readHeader(headers, 'retry-after');
  if (text === undefined) return undefined;
  const seconds = Number(text);
  if (seconds >= 0) return seconds * 1000;
  // `Date.parse` takes a bare number for a year.
  const date = /[a-z]/i.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

/** The first of these headers that is there; an empty one counts as none. */
function readHeader(
  headers: Readonly<Record<string, unknown>>,
  ...names: readonly string[]
): string | undefined {
  for (const name of names) {
    const value = headers[name];
    if (typeof value === 'string' && value.trim() !== '') return value.trim();
  }
  return undefined;
}

/** Of the call, by the names that vendors use. */
export function readRequestId(headers: Readonly<Record<string, unknown>>): string | undefined {
  return readHeader(headers, 'request-id', 'x-request-id', 'apim-request-id', 'x-amzn-requestid');
}
