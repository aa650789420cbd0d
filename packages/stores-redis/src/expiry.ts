/** A record is removed this much later than it expires, so that a clock that is a little ahead removes none too early. */
export const graceMs = 60_000;

/** The moment of expiry in epoch milliseconds; `undefined` where no time to live is given. */
export function toExpiresAt(now: number, ttlMs: number | undefined): number | undefined {
  if (ttlMs === undefined) return undefined;
  // A double must hold it exactly; the year 287396 is late enough.
  return Math.min(Math.ceil(now + ttlMs), Number.MAX_SAFE_INTEGER);
}

/** The arguments of a script about expiry: when, and when the server may remove the record by its own clock. */
export function toExpiryArguments(expiresAt: number | undefined, onServer: boolean): readonly string[] {
  if (expiresAt === undefined) return ['', ''];
  const removeAt = Math.min(expiresAt + graceMs, Number.MAX_SAFE_INTEGER);
  return [String(expiresAt), onServer ? String(removeAt) : ''];
}
