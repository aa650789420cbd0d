import type { JsonValue } from '../message/message.js';

/** A header of a `Headers` or of a plain object; an empty one counts as none. */
export function readHeader(headers: unknown, name: string): string | undefined {
  if (typeof headers !== 'object' || headers === null) return undefined;
  const value: unknown =
    'get' in headers && typeof headers.get === 'function'
      ? headers.get(name)
      : (headers as Record<string, unknown>)[name];
  return (typeof value === 'string' && value.trim()) || undefined;
}

/** What a server asked for, in milliseconds from `now`: `retry-after-ms`, seconds or an HTTP date. Kept however long it is. */
export function parseRetryAfter(headers: unknown, now: number): number | undefined {
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

/** The vendor's rate limits as it stated them, as `{ rateLimits }` by what follows `prefix` in the header's name; `{}` where it stated none. */
export function toRateLimits(
  headers: Headers,
  prefix = 'x-ratelimit-',
): { readonly [name: string]: JsonValue } {
  const limits: Record<string, JsonValue> = {};
  let found = false;
  headers.forEach((value, name) => {
    if (!name.startsWith(prefix)) return;
    found = true;
    limits[name.slice(prefix.length)] = value;
  });
  return found ? { rateLimits: limits } : {};
}
