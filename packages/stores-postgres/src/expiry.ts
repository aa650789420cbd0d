/** A record is removed this much later than it expires, so that a clock that is a little ahead removes none too early. */
export const graceMs = 60_000;

/** The moment of expiry in epoch milliseconds; `null` where no time to live is given. */
export function toExpiresAt(now: number, ttlMs: number | undefined): number | null {
  if (ttlMs === undefined) return null;
  // A double must hold it exactly; the year 287396 is late enough.
  return Math.min(Math.ceil(now + ttlMs), Number.MAX_SAFE_INTEGER);
}
