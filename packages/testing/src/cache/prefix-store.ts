/** Prefixes that are still there, by their digests. All of one lifetime, from their last use. */
export function createPrefixStore(lifetimeMs: number) {
  // The one used longest ago comes first, so that what has expired is at the front.
  const expiry = new Map<string, number>();
  return {
    has: (prefix: string, now: number): boolean => (expiry.get(prefix) ?? Number.NEGATIVE_INFINITY) > now,
    use(prefix: string, now: number): void {
      expiry.delete(prefix);
      expiry.set(prefix, now + lifetimeMs);
    },
    forgetExpired(now: number): void {
      for (const [prefix, until] of expiry) {
        if (until > now) return;
        expiry.delete(prefix);
      }
    },
  };
}

export type PrefixStore = ReturnType<typeof createPrefixStore>;
