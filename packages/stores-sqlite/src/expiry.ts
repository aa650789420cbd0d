/** The moment of expiry in epoch milliseconds; `undefined` where no time to live is given. */
export function toExpiresAt(now: number, ttlMs: number | undefined): number | undefined {
  if (ttlMs === undefined) return undefined;
  // The column holds whole numbers, and a double must hold them too; the year 287396 is late enough.
  return Math.min(Math.ceil(now + ttlMs), Number.MAX_SAFE_INTEGER);
}
